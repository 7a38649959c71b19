import type { Hono } from "hono";
import { brandsAt } from "../../../src/helpdesk/brands/brand-addresses.ts";
import {
	type HelpdeskCore,
	type HelpdeskOptions,
	openHelpdesk,
} from "../../../src/helpdesk/helpdesk.ts";
import { KnownDevices } from "../../../src/helpdesk/people/known-devices.ts";
import { OPERATOR_LIFETIMES, Sessions } from "../../../src/helpdesk/people/sessions.ts";
import { adminApp } from "../../../src/helpdesk/web/admin/admin-app.ts";
import { RefusalNotes } from "../../../src/helpdesk/web/refusal-notes.ts";
import type { Place, VisitEnv } from "../../../src/helpdesk/web/visit.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";

export const ADMIN_ORIGIN = "http://127.0.0.1:8080";

/** The administration as an application that is asked without HTTP. */
export interface OpenAdmin {
	readonly app: Hono<VisitEnv>;
	readonly parts: Parameters<typeof adminApp>[0];
	readonly core: HelpdeskCore;
	readonly sessions: Sessions;
	/**
	 * Logs somebody in.
	 *
	 * @param provenAt milliseconds since the epoch. Left out: now.
	 * @returns the token of the session. That of somebody who is not an operator is over.
	 */
	openSession(email: string, provenAt?: number): Promise<string>;
}

/** The administration of a helpdesk that is not started: only what is asked of it happens. */
export function openAdmin(options: HelpdeskOptions): OpenAdmin {
	const { storage, clock, keys } = options;
	const brands = brandsAt(options, [8080, 8081]);
	const core = openHelpdesk(options, brands);
	const sessions = new Sessions(
		namespaced(storage, ["s"]),
		clock,
		cryptoRandom,
		keys,
		OPERATOR_LIFETIMES,
	);
	const place = {
		role: "admin",
		brandId: "acorn",
		baseUrl: ADMIN_ORIGIN,
		locale: "en",
		sessions,
		devices: new KnownDevices(clock, cryptoRandom, keys),
		networkOf: () => "192.0.2.0/24",
		onEnd: async () => {},
		standingOf: async ({ subjectId, epoch }: Parameters<Place["standingOf"]>[0]) =>
			(await core.operators.stateOf(subjectId))?.sessionEpoch === epoch ? "good" : "over",
	} as const;
	const networkOf = () => "192.0.2.1";
	const parts: OpenAdmin["parts"] = {
		...{ ...core, brands, place, knownBrands: core.brands },
		startedBrands: { kind: "sample", listening: ADMIN_ORIGIN },
		now: () => clock.now(),
		hasMailServer: core.mailServers.hasServer,
		attemptPassword: (_c, _account, check) => check(),
		networkOf,
		refusals: new RefusalNotes({ place, failures: core.audit.failures, networkOf }),
	};
	const openSession = async (email: string, provenAt?: number): Promise<string> =>
		sessions.open(undefined, email, await core.operators.sessionEpochOf(email), provenAt);
	return { app: adminApp(parts), parts, core, sessions, openSession };
}

/**
 * The paths of an application that can be opened. A route for any method, such as one that refuses other methods than
 * its own, can be opened, too.
 */
export function pathsToOpen({ routes }: Pick<Hono<VisitEnv>, "routes">): readonly string[] {
	const open = routes.filter(
		({ method, path }) => (method === "GET" || method === "ALL") && !path.includes("*"),
	);
	return [...new Set(open.map(({ path }) => path))].sort();
}
