// The routes are read from the application itself, so that a new one is covered without being named here.
import type { Hono } from "hono";
import { expect, onTestFinished, test } from "vitest";
import { brandsAt } from "../../../../src/helpdesk/brands.ts";
import { type HelpdeskCore, openHelpdesk } from "../../../../src/helpdesk/helpdesk.ts";
import { KnownDevices } from "../../../../src/helpdesk/people/known-devices.ts";
import { FIRST_OPERATOR } from "../../../../src/helpdesk/people/operators.ts";
import { Sessions } from "../../../../src/helpdesk/people/sessions.ts";
import { adminApp } from "../../../../src/helpdesk/web/admin/admin-app.ts";
import type { VisitEnv } from "../../../../src/helpdesk/web/visit.ts";
import { cryptoRandom } from "../../../../src/ports/crypto-random.ts";
import { namespaced } from "../../../../src/storage/namespaced-storage.ts";
import { helpdeskOptions } from "../../../kit/helpdesk/open-helpdesk.ts";

const ORIGIN = "http://127.0.0.1:8080";
const LOG_IN = "/admin/login";

async function openAdmin(): Promise<{
	app: Hono<VisitEnv>;
	core: HelpdeskCore;
	sessions: Sessions;
}> {
	const options = await helpdeskOptions();
	const { storage, clock, keys } = options;
	const brands = brandsAt(options, [8080, 8081]);
	const core = openHelpdesk(options, brands);
	onTestFinished(() => core.close());
	await core.operators.makeFirst();
	await (await core.addOns.find("x-login"))?.plugin.activate();
	const sessions = new Sessions(namespaced(storage, ["s"]), clock, cryptoRandom, keys);
	const place = {
		role: "admin",
		brandId: "acorn",
		baseUrl: ORIGIN,
		locale: "en",
		sessions,
		devices: new KnownDevices(clock, cryptoRandom, keys),
		standingOf: async () => "good" as const,
	} as const;
	const app = adminApp({
		...core,
		brands,
		place,
		now: () => clock.now(),
		secondsToWait: async () => 0,
	});
	return { app, core, sessions };
}

/** Every route as a request: a parameter stands for something, "any method" for reading and writing. */
function requestsTo(app: Hono<VisitEnv>): (readonly [method: string, path: string])[] {
	const routes = app.routes.filter(({ path }) => !path.includes("*"));
	return routes.flatMap(({ method, path }) => {
		const filled = path.replace(":pluginId", "x-login").replace(/:\w+(\{[^}]*\})?/g, "1");
		return (method === "ALL" ? ["GET", "POST"] : [method]).map((each) => [each, filled] as const);
	});
}

type Proof = { readonly cookie: string; readonly csrf: string };

/** The cookie and form proof of a browser, signed in or not: nothing but the log-in may be what is missing. */
async function proofOf(sessions: Sessions, subjectId: string | undefined): Promise<Proof> {
	const token =
		subjectId === undefined ? sessions.newToken() : await sessions.open(undefined, subjectId);
	return { cookie: `admin-acorn=${token}`, csrf: sessions.csrfOf(token) };
}

function ask(app: Hono<VisitEnv>, method: string, path: string, { cookie, csrf }: Proof) {
	const body = method === "POST" ? new URLSearchParams({ _csrf: csrf }) : undefined;
	return app.request(`${ORIGIN}${path}`, { method, headers: { cookie }, ...(body && { body }) });
}

test.each([
	["nobody is signed in", undefined],
	["a visitor's id stands in the session", "0b6f5b0e-6e3c-4a5a-9f0e-1d2c3b4a5f60"],
	["the operator was removed", "gone@helpdesk.example"],
])("%s: every route of the administration leads to the log-in and does nothing", async (_, who) => {
	const { app, core, sessions } = await openAdmin();
	const proof = await proofOf(sessions, who);
	const requests = requestsTo(app).filter(([, path]) => path !== LOG_IN);
	expect(requests.length).toBeGreaterThan(30);

	for (const [method, path] of requests) {
		const answer = await ask(app, method, path, proof);
		const seen = [method, path, answer.status, answer.headers.get("location")];
		expect(seen).toEqual([method, path, 303, LOG_IN]);
	}
	expect(await (await core.addOns.find("x-login"))?.plugin.isActive()).toBe(true);
});

test("an operator gets an answer of their own at each of them", async () => {
	const { app, sessions } = await openAdmin();
	const proof = await proofOf(sessions, FIRST_OPERATOR);

	for (const [method, path] of requestsTo(app).filter(([method]) => method === "GET")) {
		const answer = await ask(app, method, path, proof);
		expect(answer.headers.get("location"), path).not.toBe(LOG_IN);
		expect(answer.status, path).toBeLessThan(500);
	}
});

test("a form without its proof is refused, whoever sends it", async () => {
	const { app, sessions } = await openAdmin();
	const proof = await proofOf(sessions, FIRST_OPERATOR);

	for (const [method, path] of requestsTo(app).filter(([method]) => method === "POST")) {
		const answer = await ask(app, method, path, { ...proof, csrf: "forged" });
		expect([path, answer.status]).toEqual([path, 403]);
	}
});
