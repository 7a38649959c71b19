import type { Context, Hono } from "hono";
import type { Brand } from "../../contract/brands.ts";
import { clientNetwork } from "../../routes/client-network.ts";
import { isApart, sharedAddress } from "../brands/administration-address.ts";
import { LOOPBACK } from "../brands/brand-addresses.ts";
import { filledText, textsIn } from "../brands/brand-texts.ts";
import { eventLog, type HelpdeskCore, type HelpdeskOptions } from "../helpdesk.ts";
import type { Visitors } from "../jobs/visitors.ts";
import { NAMESPACES } from "../namespaces.ts";
import { AttemptLimit } from "../people/attempt-limit.ts";
import { doLettersReachVisitors } from "../people/registration.ts";
import { adminApp } from "./admin/admin-app.ts";
import { administrationPart } from "./admin/operator-area.ts";
import { ADMIN_PATHS } from "./admin/paths.ts";
import { uploadLimit } from "./admin/uploads.ts";
import { atMostOnceAMinute } from "./at-most-once-a-minute.ts";
import { auditedAttempts } from "./audited-attempts.ts";
import { newSite, type SitePart } from "./bare-pages.ts";
import { type BrandFace, brandAssets, faceOf } from "./brand-face.ts";
import { type ForeignHost, toCanonicalHost } from "./canonical-host.ts";
import { clientAddressOf } from "./client-address-of.ts";
import { handOffTargetsOf } from "./hand-off/about-hand-off.ts";
import type { Fetch } from "./listen.ts";
import { formTargetsOf } from "./openid/connect-routes.ts";
import { withOpenId } from "./openid/openid-site.ts";
import { passwordAttempts } from "./password-attempts.ts";
import { adminPlace, portalPlace } from "./places.ts";
import { portalApp } from "./portal/portal-app.ts";
import { RefusalNotes } from "./refusal-notes.ts";
import { securityHeaders } from "./security-headers.ts";
import type { Place, VisitEnv } from "./visit.ts";

/** The parts that the sites of all brands share. */
interface SiteParts {
	readonly core: HelpdeskCore;
	readonly options: HelpdeskOptions;
	/** Counts the log-ins that networks start. */
	readonly startLimit: AttemptLimit;
	/** Counts the requests of connected helpdesks that networks make. */
	readonly requestLimit: AttemptLimit;
}

/**
 * Makes the site of a brand: its portal and, at the first brand, the administration that is not apart.
 *
 * @param ports the port that each brand with one of its own listens on, on loopback.
 */
export function brandSites(
	core: HelpdeskCore,
	options: HelpdeskOptions,
	ports: ReadonlyMap<string, number>,
): (brand: Brand) => Site {
	const startLimit = new AttemptLimit(options.startLimit, options.clock);
	const requestLimit = new AttemptLimit(options.startLimit, options.clock);
	const parts: SiteParts = { core, options, startLimit, requestLimit };
	return (brand) => {
		const isFirst = core.brands.all()[0]?.id === brand.id;
		const admin = isFirst && !isApart(options, [brand]) ? adminOf(parts, brand) : undefined;
		return siteOf(parts, brand, ports.get(brand.id), admin);
	};
}

/** The part of a brand that answers requests. */
export interface Site {
	readonly fetch: Fetch;
}

interface Admin {
	readonly app: Hono<VisitEnv>;
	readonly part: SitePart;
}

/** Makes the administration. @param first the first brand, see {@link adminPlace}. */
export function adminOf(parts: Pick<SiteParts, "core" | "options">, first: Brand): Admin {
	const { core, options } = parts;
	const place = adminPlace(parts, first);
	const networkOf = networkOfVisitor(options);
	const guesses = passwordAttempts(core.guesses, place, options.trustedProxies);
	const app = adminApp({
		...core,
		place,
		brands: core.brands.all(),
		knownBrands: core.brands,
		startedBrands: {
			kind: (options.configuredBrands ?? []).length > 0 ? "configured" : "sample",
			listening: options.listening?.[0],
		},
		now: () => options.clock.now(),
		attemptPassword: auditedAttempts(guesses, {
			...{ place, failures: core.audit.failures, networkOf },
			accountOf: async (email) => ((await core.operators.has(email)) ? email : undefined),
		}),
		networkOf,
		refusals: new RefusalNotes({ place, failures: core.audit.failures, networkOf }),
		recorder: options.recorder,
		storageName: options.storageName,
		hasMailServer: core.mailServers.hasServer,
		sharedAddress: sharedAddress(options, core.brands.all()),
	});
	return { app, part: administrationPart(place, uploadLimit(place, core.operators)) };
}

function networkOfVisitor({ trustedProxies }: HelpdeskOptions): (c: Context) => string {
	return (c) => clientNetwork(clientAddressOf(c, trustedProxies));
}

function siteOf(
	parts: SiteParts,
	brand: Brand,
	port: number | undefined,
	admin: Admin | undefined,
): Site {
	const { core, options } = parts;
	const formTargets = (c: Context) => [
		...[...core.addOns.formTargets(), ...Object.values(options.origins)],
		...formTargetsOf(c),
		...handOffTargetsOf(c),
	];
	const face = faceOf(brand, core.brands.lookOf(brand.id));
	const place = portalPlace(parts, brand);
	const site = newSite({
		...{ name: () => brand.name, place, face },
		...(admin && { part: admin.part }),
		logError: (error) => core.logError("a request failed", error),
		headers: securityHeaders(formTargets),
	});
	site.get("/healthz", async (c) => {
		await options.storage.get(NAMESPACES.health);
		return c.text("ok");
	});
	brandAssets(site, brand, core.looks);
	const listening = port === undefined ? undefined : `http://${LOOPBACK}:${port}`;
	site.use(
		toCanonicalHost({
			...{ brand, listening },
			trustedProxies: options.trustedProxies,
			warn: atMostOnceAMinute(options.clock, (foreign) => logForeignHost(options, brand, foreign)),
		}),
	);
	if (admin !== undefined) {
		site.route("/", admin.app);
	}
	site.route("/", portalOf(parts, brand, place, face));
	const whole = withOpenId(
		{
			...{ brand, face, place, listening, requestLimit: parts.requestLimit },
			connections: core.openid.of(brand),
			trustedProxies: options.trustedProxies,
			logError: core.logError,
		},
		site,
	);
	return { fetch: noting(core.visitors, whole.fetch) };
}

/** Notes visitors, for whom background work waits. Operators and monitors are none. */
function noting(visitors: Visitors, fetch: Fetch): Fetch {
	return (request, env) =>
		isVisit(env.incoming.url ?? "")
			? visitors.during(() => fetch(request, env))
			: fetch(request, env);
}

function isVisit(url: string): boolean {
	const { overview } = ADMIN_PATHS;
	const [path = ""] = url.split("?", 1);
	return path !== "/healthz" && path !== overview && !path.startsWith(`${overview}/`);
}

function portalOf(parts: SiteParts, brand: Brand, place: Place, face: BrandFace): Hono<VisitEnv> {
	const { core, options, startLimit, requestLimit } = parts;
	const guesses = passwordAttempts(core.guesses, place, options.trustedProxies);
	const networkOf = networkOfVisitor(options);
	const { failures } = core.audit;
	return portalApp({
		...core,
		...{ brand, place, face },
		wordsOn: ({ tag }) =>
			filledText(textsIn(core.brands.lookOf(brand.id).texts, tag)?.logIn ?? "", brand),
		now: () => options.clock.now(),
		logError: (error) => core.logError("the work after an answer failed", error),
		hashInTurn: guesses,
		attemptPassword: auditedAttempts(guesses, {
			...{ place, failures, networkOf },
			accountOf: async (email) => (await core.accounts.byEmail(brand.id, email))?.id,
		}),
		...{ startLimit, requestLimit },
		refusals: new RefusalNotes({ place, failures, networkOf }),
		trustedProxies: options.trustedProxies,
		handOffs: core.handOffs.of(brand.id),
		connections: core.openid.of(brand),
		handleOf: core.handleOf,
		doLettersReachVisitors: () => doLettersReachVisitors(brand, core.mailServers.hasServer),
	});
}

function logForeignHost(options: HelpdeskOptions, brand: Brand, foreign: ForeignHost): void {
	eventLog(options)({
		name: "helpdesk.foreign-host",
		level: "warn",
		message:
			"a page was asked for at a host that is not the brand's, even after a redirect; let the proxy pass on the Host header of the browser, or let it send X-Forwarded-Host and name the proxy with --trust-proxy, or correct the brand's address (--brand, --base-url or brands change)",
		brandId: brand.id,
		fields: { ...foreign },
	});
}
