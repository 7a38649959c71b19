// The tests read the routes from the application itself, so they cover a new route without naming it.
import { Hono } from "hono";
import { expect, onTestFinished, test } from "vitest";
import type { Role } from "../../../../src/helpdesk/people/operator-roles.ts";
import { FIRST_OPERATOR } from "../../../../src/helpdesk/people/operator-roster.ts";
import type { Sessions } from "../../../../src/helpdesk/people/sessions.ts";
import { adminArea } from "../../../../src/helpdesk/web/admin/admin-app.ts";
import { OperatorApp, operatorArea } from "../../../../src/helpdesk/web/admin/operator-area.ts";
import type { VisitEnv } from "../../../../src/helpdesk/web/visit.ts";
import { MockClock } from "../../../../src/testing/mock-host/mock-clock.ts";
import { codeOf } from "../../../kit/helpdesk/authenticator-app.ts";
import { inSession } from "../../../kit/helpdesk/in-session.ts";
import { ADMIN_ORIGIN, type OpenAdmin, openAdmin } from "../../../kit/helpdesk/open-admin.ts";
import { helpdeskOptions } from "../../../kit/helpdesk/open-helpdesk.ts";

const LOG_IN = "/admin/login";
/** The pages for people without a session. */
const PUBLIC = [LOG_IN, "/admin/login/code", "/admin/invitation", "/admin/language"];

/** The log-in leads on to a page that was asked for, and not to where a form leads. */
function logInFor(method: string, path: string): string {
	const isPage = method === "GET" && path !== "/admin";
	return isPage ? `${LOG_IN}?${new URLSearchParams({ returnTo: path })}` : LOG_IN;
}

async function openWithX(clock = new MockClock()): Promise<OpenAdmin> {
	const admin = openAdmin({ ...(await helpdeskOptions()), clock });
	const { core } = admin;
	onTestFinished(() => core.close());
	await core.operators.makeFirst();
	await (await core.addOns.find("x-login"))?.plugin.activate();
	return admin;
}

/** A request to each route, with a value for each parameter. A route for any method is both read and written. */
function requestsTo(app: Hono<VisitEnv>): (readonly [method: string, path: string])[] {
	const routes = app.routes.filter(({ path }) => !path.includes("*"));
	return routes.flatMap(({ method, path }) => {
		const filled = path.replace(":pluginId", "x-login").replace(/:\w+(\{[^}]*\})?/g, "1");
		return (method === "ALL" ? ["GET", "POST"] : [method]).map((each) => [each, filled] as const);
	});
}

/** An area whose table has every page that it does not name, for a role. */
function withPages(area: ReturnType<typeof adminArea>, least: Role): ReturnType<typeof adminArea> {
	return {
		...area,
		accessTo: (method, path) => area.accessTo(method, path) ?? { least, proof: "never" },
	};
}

type Proof = { readonly cookie: string; readonly csrf: string };

/** The cookie and the form proof of a browser, logged in or not, so that only the log-in can be missing. */
async function proofOf(
	{ sessions, openSession }: Pick<OpenAdmin, "sessions" | "openSession">,
	subjectId: string | undefined,
): Promise<Proof> {
	const token = subjectId === undefined ? sessions.newToken() : await openSession(subjectId);
	return proofIn(sessions, token);
}

function proofIn(sessions: Sessions, token: string): Proof {
	return { cookie: `admin-acorn=${token}`, csrf: sessions.csrfOf(token) };
}

function ask(app: Hono<VisitEnv>, method: string, path: string, { cookie, csrf }: Proof) {
	const body = method === "POST" ? new URLSearchParams({ _csrf: csrf }) : undefined;
	return app.request(`${ADMIN_ORIGIN}${path}`, {
		method,
		headers: { cookie },
		...(body && { body }),
	});
}

test.each([
	["nobody is logged in", undefined],
	["the session is a user's", "0b6f5b0e-6e3c-4a5a-9f0e-1d2c3b4a5f60"],
	["the operator was removed", "gone@helpdesk.example"],
])("%s: every route of the administration leads to the log-in and does nothing", async (_, who) => {
	const admin = await openWithX();
	const { app, core } = admin;
	const proof = await proofOf(admin, who);
	const requests = requestsTo(app).filter(([, path]) => !PUBLIC.includes(path));
	expect(requests.length).toBeGreaterThan(30);

	for (const [method, path] of requests) {
		const answer = await ask(app, method, path, proof);
		const seen = [method, path, answer.status, answer.headers.get("location")];
		expect(seen).toEqual([method, path, 303, logInFor(method, path)]);
	}
	expect(await (await core.addOns.find("x-login"))?.plugin.isActive()).toBe(true);
});

const MINUTE = 60_000;

/** What ends an operator's session that was good before. */
const ENDS: readonly (readonly [
	state: string,
	end: (admin: OpenAdmin, clock: MockClock, token: string) => Promise<unknown>,
])[] = [
	["the operator has been idle for 30 minutes", async (_, clock) => clock.advance(30 * MINUTE)],
	[
		"the session is 12 hours old, however much it is used",
		async ({ app, sessions }, clock, token) => {
			for (let each = 0; each < 30; each += 1) {
				clock.advance(24 * MINUTE);
				await ask(app, "GET", "/admin", proofIn(sessions, token));
			}
		},
	],
	["the operator has logged out", ({ sessions }, _, token) => sessions.close(token)],
	[
		"the operator has ended the session in another browser",
		async ({ sessions }, _, token) => {
			const { id = "" } = (await sessions.find(token)) ?? {};
			expect(await sessions.end(FIRST_OPERATOR, id)).toBe(true);
		},
	],
	[
		"the operator was logged out everywhere",
		({ core }) => core.operators.endSessions(FIRST_OPERATOR),
	],
	["the operator was reset", ({ core }) => core.operators.reset(FIRST_OPERATOR)],
	[
		"the operator was removed meanwhile",
		async ({ core }) => {
			await core.operators.add("other@helpdesk.example", "owner");
			const [first] = await core.operators.list();
			expect(await core.operators.remove(first?.id ?? "")).toBe("changed");
		},
	],
];

test.each(ENDS)("%s: every route that was open leads to the log-in", async (_, end) => {
	const clock = new MockClock();
	const admin = await openWithX(clock);
	const { app, core, sessions } = admin;
	const requests = requestsTo(app).filter(([, path]) => !PUBLIC.includes(path));
	const token = await admin.openSession(FIRST_OPERATOR);
	const proof = proofIn(sessions, token);
	expect((await ask(app, "GET", "/admin", proof)).status).toBe(200);

	await end(admin, clock, token);

	for (const [method, path] of requests) {
		const answer = await ask(app, method, path, proof);
		const seen = [method, path, answer.status, answer.headers.get("location")];
		expect(seen).toEqual([method, path, 303, logInFor(method, path)]);
	}
	expect(await (await core.addOns.find("x-login"))?.plugin.isActive()).toBe(true);
});

test("with the password alone every route leads an operator with a second factor to the log-in", async () => {
	const clock = new MockClock();
	const { app, core, sessions } = await openWithX(clock);
	const email = "ada@helpdesk.example";
	const password = "a long password of hers";
	await core.operators.add(email, "owner", password);
	const { key, sealed } = core.secondFactors.newKey(email, "session");
	const typed = codeOf(key.reveal(), clock.now());
	const form = await inSession(core.operators, email, { sealed, typed });
	expect(await core.secondFactors.setUp(email, "session", form)).toBeDefined();
	const token = sessions.newToken();
	const proof = proofIn(sessions, token);
	const answer = await app.request(`${ADMIN_ORIGIN}${LOG_IN}`, {
		method: "POST",
		headers: { cookie: proof.cookie },
		body: new URLSearchParams({ _csrf: proof.csrf, email, password }),
	});
	expect(await answer.text()).toContain("The password is right.");
	const set = (answer.headers.get("set-cookie") ?? "").match(/admin-acorn=([^;]+)/)?.[1];
	const after = proofIn(sessions, set ?? token);

	for (const [method, path] of requestsTo(app).filter(([, path]) => !PUBLIC.includes(path))) {
		const { status, headers } = await ask(app, method, path, after);
		const seen = [method, path, status, headers.get("location")];
		expect(seen).toEqual([method, path, 303, logInFor(method, path)]);
	}
});

test("an operator gets an answer at every route", async () => {
	const admin = await openWithX();
	const { app } = admin;
	const proof = await proofOf(admin, FIRST_OPERATOR);

	for (const [method, path] of requestsTo(app).filter(([method]) => method === "GET")) {
		const answer = await ask(app, method, path, proof);
		expect(answer.headers.get("location") ?? "", path).not.toContain(LOG_IN);
		expect(answer.status, path).toBeLessThan(500);
	}
});

test("a form without its proof is refused, even from an operator", async () => {
	const admin = await openWithX();
	const { app } = admin;
	const proof = await proofOf(admin, FIRST_OPERATOR);

	for (const [method, path] of requestsTo(app).filter(([method]) => method === "POST")) {
		const answer = await ask(app, method, path, { ...proof, csrf: "forged" });
		expect([path, answer.status]).toEqual([path, 403]);
	}
});

test("only the log-in answers without a session", async () => {
	const admin = await openWithX();
	const { app } = admin;
	const proof = await proofOf(admin, undefined);

	const open = new Set<string>();
	for (const [method, path] of requestsTo(app)) {
		const { headers } = await ask(app, method, path, proof);
		if (headers.get("location") !== logInFor(method, path)) {
			open.add(`${method} ${path}`);
		}
	}

	const invitation = "/admin/invitation";
	expect([...open]).toEqual([
		...[`GET ${LOG_IN}`, `POST ${LOG_IN}`],
		// Without a password that was right it shows the log-in.
		...["GET /admin/login/code", "POST /admin/login/code"],
		...[`GET ${invitation}`, `POST ${invitation}`],
		// It leads to the administration, which asks for the log-in.
		"POST /admin/language",
	]);
});

test("a page is guarded wherever it is registered: first, last, in a module's own application, after the start", async () => {
	const admin = await openWithX();
	const { parts } = admin;
	const area = withPages(adminArea(parts), "support");
	const text = (app: Hono<VisitEnv>, path: string) => app.get(path, (c) => c.text(`page ${path}`));
	const ofModule = new Hono<VisitEnv>();
	text(ofModule, "/nested");
	const late = new OperatorApp(area);
	text(late, "/admin/late");
	const app = operatorArea({
		...area,
		pages: [
			(guarded) => text(guarded, "/admin/first"),
			(guarded) => text(guarded, "/admin/users/first"),
			...area.pages,
			(guarded) => text(guarded, "/admin/last"),
			(guarded) => guarded.route("/admin/module", ofModule),
		],
	});
	text(app, "/admin/after");
	app.route("/", late);
	const paths = ["first", "users/first", "last", "module/nested", "late", "after"];

	for (const path of paths.map((each) => `/admin/${each}`)) {
		const stranger = await ask(app, "GET", path, await proofOf(admin, undefined));
		const seen = [path, stranger.status, stranger.headers.get("location")];
		expect(seen).toEqual([path, 303, logInFor("GET", path)]);
		const operator = await ask(app, "GET", path, await proofOf(admin, FIRST_OPERATOR));
		expect([path, operator.status]).toEqual([path, 200]);
	}
});

test("a page without an entry in the table of access keeps the administration from starting", async () => {
	const area = adminArea((await openWithX()).parts);
	for (const method of ["get", "post", "all"] as const) {
		const page = (app: OperatorApp) => app[method]("/admin/statistics", (c) => c.text("page"));
		expect(() => operatorArea({ ...area, pages: [...area.pages, page] })).toThrow(
			"/admin/statistics has no entry in the table of access",
		);
	}
});

test("a page about a plugin gets its add-on, in whatever order it is registered", async () => {
	const admin = await openWithX();
	const { parts } = admin;
	const area = withPages(adminArea(parts), "support");
	const path = "/admin/settings/general/integrations/:pluginId/first";
	const app = operatorArea({
		...area,
		pages: [
			(guarded) => guarded.get(path, (c) => c.text(c.var.addOn.loaded.manifest.name)),
			...area.pages,
		],
	});
	const proof = await proofOf(admin, FIRST_OPERATOR);
	const answerFor = (id: string) => ask(app, "GET", path.replace(":pluginId", id), proof);

	expect(await (await answerFor("x-login")).text()).toBe("X");
	expect((await answerFor("nobody")).status).toBe(404);
});

test.each(["/statistics", "/administration", "/:area/statistics", "*"])(
	"the administration does not start with a page at %s, which is not guarded",
	async (path) => {
		const area = withPages(adminArea((await openWithX()).parts), "support");
		const pages = [...area.pages, (app: OperatorApp) => app.get(path, (c) => c.text("page"))];

		expect(() => operatorArea({ ...area, pages })).toThrow("is not below /admin");
	},
);
