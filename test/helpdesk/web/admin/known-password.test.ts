// The tests read the routes from the application itself, so they cover a new route without naming it.
import type { Hono } from "hono";
import { expect, onTestFinished, test } from "vitest";
import type { StorageValue } from "../../../../src/contract/storage.ts";
import { brandsAt } from "../../../../src/helpdesk/brands/brand-addresses.ts";
import { derivedKeys } from "../../../../src/helpdesk/derived-keys.ts";
import { openHelpdesk } from "../../../../src/helpdesk/helpdesk.ts";
import { addressKey } from "../../../../src/helpdesk/mail/email-key.ts";
import { NAMESPACES, sessionsOf } from "../../../../src/helpdesk/namespaces.ts";
import { FIRST_OPERATOR } from "../../../../src/helpdesk/people/operator-roster.ts";
import { OPERATOR_LIFETIMES, Sessions } from "../../../../src/helpdesk/people/sessions.ts";
import { adminApp } from "../../../../src/helpdesk/web/admin/admin-app.ts";
import { adminPlace } from "../../../../src/helpdesk/web/places.ts";
import { RefusalNotes } from "../../../../src/helpdesk/web/refusal-notes.ts";
import type { VisitEnv } from "../../../../src/helpdesk/web/visit.ts";
import { cryptoRandom } from "../../../../src/ports/crypto-random.ts";
import { namespaced } from "../../../../src/storage/namespaced-storage.ts";
import { fieldsOf } from "../../../../src/storage/stored-value.ts";
import { CHOSEN_PASSWORD } from "../../../kit/helpdesk/change-first-password.ts";
import { helpdeskOptions } from "../../../kit/helpdesk/open-helpdesk.ts";

const PROFILE = "/admin/profile";
const LOG_OUT = "/admin/logout";
const BANNER = "the helpdesk printed it";

/** The administration at a public address, or on loopback, with the first operator logged in. */
async function openAt(baseUrl: string) {
	const options = await helpdeskOptions({ baseUrls: new Map([["acorn", baseUrl]]) });
	const { storage, clock, keys } = options;
	const brands = brandsAt(options, [8080, 8081]);
	const core = openHelpdesk(options, brands);
	onTestFinished(() => core.close());
	const password = (await core.operators.makeFirst()) ?? "";
	await (await core.addOns.find("x-login"))?.plugin.activate();
	const [brand = expect.fail("no brand")] = brands;
	const place = adminPlace({ core, options }, brand);
	const networkOf = () => "192.0.2.1";
	const app = adminApp({
		...{ ...core, brands, place, knownBrands: core.brands },
		startedBrands: { kind: "sample", listening: undefined },
		now: () => clock.now(),
		hasMailServer: core.mailServers.hasServer,
		attemptPassword: (_c, _account, check) => check(),
		networkOf,
		refusals: new RefusalNotes({ place, failures: core.audit.failures, networkOf }),
	});
	const sessions = new Sessions(
		namespaced(storage, sessionsOf("admin", "acorn")),
		clock,
		cryptoRandom,
		derivedKeys(keys, "csrf admin acorn"),
		OPERATOR_LIFETIMES,
	);
	/** A browser with a session of the operator. */
	const browser = async () => {
		const epoch = await core.operators.sessionEpochOf(FIRST_OPERATOR);
		const token = await sessions.open(undefined, FIRST_OPERATOR, epoch);
		return (method: string, path: string, fields: Readonly<Record<string, string>> = {}) => {
			const body = new URLSearchParams({ ...fields, _csrf: sessions.csrfOf(token) });
			const name = `${baseUrl.startsWith("https:") ? "__Host-" : ""}admin-acorn`;
			return app.request(
				`${baseUrl}${path}`,
				{ method, headers: { cookie: `${name}=${token}` }, ...(method === "POST" && { body }) },
				{ incoming: { socket: { remoteAddress: "203.0.113.7" } } },
			);
		};
	};
	return { app, core, storage, password, browser };
}

/** A request to each route, with a value for each parameter. */
function requestsTo(app: Hono<VisitEnv>): (readonly [method: string, path: string])[] {
	const routes = app.routes.filter(({ path }) => !path.includes("*"));
	return routes.flatMap(({ method, path }) => {
		const filled = path.replace(":pluginId", "x-login").replace(/:\w+(\{[^}]*\})?/g, "1");
		return (method === "ALL" ? ["GET", "POST"] : [method]).map((each) => [each, filled] as const);
	});
}

test("off loopback every route leads to the new password as long as the operator has the first one", async () => {
	const { app, core, browser } = await openAt("https://help.example.com");
	const ask = await browser();
	const isOpen = (path: string) =>
		[
			PROFILE,
			"/admin/prove",
			LOG_OUT,
			"/admin/login",
			"/admin/login/code",
			"/admin/invitation",
			"/admin/language",
		].includes(path);
	const requests = requestsTo(app).filter(([, path]) => !isOpen(path));
	expect(requests.length).toBeGreaterThan(30);

	for (const [method, path] of requests) {
		const answer = await ask(method, path);
		const seen = [method, path, answer.status, answer.headers.get("location")];
		expect(seen).toEqual([method, path, 303, PROFILE]);
	}
	expect(await (await core.addOns.find("x-login"))?.plugin.isActive()).toBe(true);
	const page = await (await ask("GET", PROFILE)).text();
	expect(page).toContain("Change your password before you go on.");
	expect(page).toContain(BANNER);
	expect((await ask("POST", LOG_OUT)).headers.get("location")).toBe("/admin/login");
});

test("off loopback the administration opens once the first password is changed, in the same browser", async () => {
	const { core, password, browser } = await openAt("https://help.example.com");
	const ask = await browser();
	const refused = await ask("POST", PROFILE, { current: password, new: password });
	expect(refused.status).toBe(400);
	expect(await refused.text()).toContain("that is not the current one");
	expect(await core.operators.stateOf(FIRST_OPERATOR)).toMatchObject({ mustChange: true });

	const changed = await ask("POST", PROFILE, { current: password, new: CHOSEN_PASSWORD });

	expect(changed.headers.get("location")).toBe(`${PROFILE}?done=password`);
	expect(await core.operators.stateOf(FIRST_OPERATOR)).toMatchObject({ mustChange: false });
	const again = await browser();
	const page = await again("GET", "/admin/users");
	expect(page.status).toBe(200);
	expect(await page.text()).not.toContain(BANNER);
});

test("a password that is due comes before a second factor that is due", async () => {
	const { core, password, browser } = await openAt("https://help.example.com");
	await core.secondFactorRule.requireFrom("support");
	const ask = await browser();
	expect((await ask("GET", "/admin/users")).headers.get("location")).toBe(PROFILE);
	expect((await ask("GET", PROFILE)).status).toBe(200);

	await ask("POST", PROFILE, { current: password, new: CHOSEN_PASSWORD });

	const again = await browser();
	const setUp = "/admin/profile/second-factor/set-up";
	expect((await again("GET", PROFILE)).headers.get("location")).toBe(setUp);
	expect((await again("GET", setUp)).status).toBe(200);
});

test.each(["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080"])(
	"at %s the first password is a banner on every page, and everything opens",
	async (baseUrl) => {
		const { app, browser } = await openAt(baseUrl);
		const ask = await browser();
		const pages = requestsTo(app).filter(([method]) => method === "GET");

		for (const [method, path] of pages) {
			const answer = await ask(method, path);
			expect([path, answer.headers.get("location")]).not.toEqual([path, PROFILE]);
			const isPage = answer.headers.get("content-type")?.startsWith("text/html");
			const isAdmins = isPage && answer.status === 200 && path !== "/admin/login";
			if (isAdmins && !answer.headers.has("content-disposition")) {
				const html = await answer.text();
				// Programs find what was done by its role.
				const banners = html.split('<div class="banner">').slice(1);
				expect([path, banners.map((each) => each.includes(BANNER))]).toEqual([path, [true]]);
			}
		}
	},
);

test("the password of an operator whom an earlier version stored counts as changed", async () => {
	const { core, storage, browser } = await openAt("https://help.example.com");
	const key = [...NAMESPACES.operators, addressKey(FIRST_OPERATOR)];
	const { mustChange: _, ...old } = fieldsOf((await storage.get(key))?.value);
	const roster = [...NAMESPACES.operators, "roster"];
	await storage.commit({ sets: [{ key, value: old as StorageValue }], deletes: [roster] });
	expect(await core.operators.stateOf(FIRST_OPERATOR)).toMatchObject({ mustChange: false });
	const ask = await browser();

	expect((await ask("GET", "/admin/users")).status).toBe(200);
});
