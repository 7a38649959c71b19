// The tests read the routes from the application itself, so they cover a new route without naming it.
import { beforeEach, expect, test } from "vitest";
import { FIRST_OPERATOR } from "../../../../../src/helpdesk/people/operator-roster.ts";
import { MockClock } from "../../../../../src/testing/mock-host/mock-clock.ts";
import type { HttpVisitor } from "../../../../kit/helpdesk/http-visitor.ts";
import { ADMIN_ORIGIN, type OpenAdmin, openAdmin } from "../../../../kit/helpdesk/open-admin.ts";
import { helpdeskOptions } from "../../../../kit/helpdesk/open-helpdesk.ts";
import { openSites } from "../../../../kit/helpdesk/open-sites.ts";
import { ADD_PASSKEY } from "../../../../kit/helpdesk/passkeys-of-operators.ts";
import { SET_UP, setUpSecondFactor } from "../../../../kit/helpdesk/second-factor.ts";

const BEN = "ben@helpdesk.example";
const PASSWORD = "a long password of his";
const PUBLIC = ["/admin/login", "/admin/login/code", "/admin/invitation", "/admin/language"];
const OPEN = [SET_UP, ADD_PASSKEY, "/admin/prove", "/admin/logout"];

async function openRoutes(): Promise<OpenAdmin & { readonly clock: MockClock }> {
	const clock = new MockClock();
	const admin = openAdmin({ ...(await helpdeskOptions()), clock });
	await admin.core.operators.makeFirst();
	await admin.core.operators.add(BEN, "support", PASSWORD);
	await (await admin.core.addOns.find("x-login"))?.plugin.activate();
	return { ...admin, clock };
}

/** A request to each route that needs a session, with a value for each parameter. */
function requestsTo({ app }: OpenAdmin): (readonly [method: string, path: string])[] {
	const routes = app.routes.filter(({ path }) => !path.includes("*") && !PUBLIC.includes(path));
	return routes.flatMap(({ method, path }) => {
		const filled = path.replace(":pluginId", "x-login").replace(/:\w+(\{[^}]*\})?/g, "1");
		return (method === "ALL" ? ["GET", "POST"] : [method]).map((each) => [each, filled] as const);
	});
}

async function leadsTo(
	{ app, sessions, openSession }: OpenAdmin,
	email: string,
	method: string,
	path: string,
) {
	const token = await openSession(email);
	const body = new URLSearchParams({ _csrf: sessions.csrfOf(token) });
	const answer = await app.request(`${ADMIN_ORIGIN}${path}`, {
		method,
		headers: { cookie: `admin-acorn=${token}` },
		...(method === "POST" && { body }),
	});
	return answer.headers.get("location");
}

test("every route leads an operator whose role needs a second factor to the set-up, and does nothing", async () => {
	const admin = await openRoutes();
	const { core } = admin;
	await core.secondFactorRule.requireFrom("administrator");
	const requests = requestsTo(admin).filter(([, path]) => !OPEN.includes(path));
	expect(requests.length).toBeGreaterThan(60);

	for (const [method, path] of requests) {
		const seen = [method, path, await leadsTo(admin, FIRST_OPERATOR, method, path)];
		expect(seen).toEqual([method, path, SET_UP]);
	}
	expect(await (await core.addOns.find("x-login"))?.plugin.isActive()).toBe(true);
	expect(await core.secondFactorRule.leastRole()).toBe("administrator");
	expect(await leadsTo(admin, FIRST_OPERATOR, "POST", "/admin/logout")).toBe("/admin/login");
	await core.close();
});

test("an operator whose role needs none opens everything", async () => {
	const admin = await openRoutes();
	await admin.core.secondFactorRule.requireFrom("owner");
	for (const [method, path] of requestsTo(admin)) {
		expect([path, await leadsTo(admin, BEN, method, path)]).not.toEqual([path, SET_UP]);
	}
	await admin.core.close();
});

let clock: MockClock;
let sites: ReturnType<typeof openSites>;
let owner: HttpVisitor;

async function logIn(email: string, password: string): Promise<HttpVisitor> {
	const visitor = sites.visitor();
	await visitor.open(`${sites.url}/admin/login`);
	await visitor.submit("/admin/login", { email, password });
	return visitor;
}

beforeEach(async () => {
	clock = new MockClock();
	sites = openSites(await helpdeskOptions({ clock }));
	const password = (await sites.core.operators.makeFirst()) ?? "";
	await sites.core.operators.add(BEN, "support", PASSWORD);
	owner = await logIn(FIRST_OPERATOR, password);
});

async function chooseLeast(least: string): Promise<void> {
	await owner.open(`${sites.url}/admin/operators`);
	await owner.submit("/admin/operators/second-factor", { least });
}

test("an owner requires it, open sessions obey at the next request, and the pages open once it is set up", async () => {
	const ben = await logIn(BEN, PASSWORD);
	expect(ben.seen.url).toBe(`${sites.url}/admin`);

	await chooseLeast("support");

	// The owner needs one, too.
	expect(owner.seen.url).toBe(`${sites.url}${SET_UP}`);
	await ben.open(`${sites.url}/admin/users`);
	expect(ben.seen.url).toBe(`${sites.url}${SET_UP}`);
	expect(ben.seen.html).toContain("Your role needs a second factor.");
	await setUpSecondFactor(ben, sites.url, clock);
	expect((await ben.open(`${sites.url}/admin/users`)).url).toBe(`${sites.url}/admin/users`);
	await setUpSecondFactor(owner, sites.url, clock);
	expect((await owner.open(`${sites.url}/admin/operators`)).html).toContain(
		'<option value="support" selected>',
	);
	await owner.submit("/admin/operators/second-factor", { least: "nobody" });
	expect(owner.seen.html).toContain('<option value="nobody" selected>');
});

test("an operator whose role needs it cannot turn it off", async () => {
	await setUpSecondFactor(owner, sites.url, clock);
	await owner.open(`${sites.url}/admin/profile`);
	const before = owner.seen;
	await chooseLeast("owner");

	owner.seen = before;
	await owner.submit("/admin/profile/second-factor/off", { confirmed: "yes" });

	expect(owner.seen.html).toContain("you cannot turn it off");
	expect(await sites.core.secondFactors.of(FIRST_OPERATOR)).toBeDefined();
	const { html } = await owner.open(`${sites.url}/admin/audit`);
	const rows = html.replace(/<select.*?<\/select>/gs, "");
	expect(rows).toContain("Changed who needs a second factor");
	expect(rows).not.toContain("Turned off their second factor");
});

test("a choice that there is not is refused", async () => {
	await chooseLeast("king");
	expect(owner.seen.status).toBe(404);
	expect(await sites.core.secondFactorRule.leastRole()).toBeNull();
});
