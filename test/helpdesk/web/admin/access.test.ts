// Each route of the administration is asked by each role, with a fresh proof and with an old one. The routes come from the
// application, so that a new one is covered without being named.
import { beforeAll, expect, test } from "vitest";
import { ROLES, type Role } from "../../../../src/helpdesk/people/operator-roles.ts";
import { ACCESS, accessTo } from "../../../../src/helpdesk/web/admin/access.ts";
import { MockClock } from "../../../../src/testing/mock-host/mock-clock.ts";
import { ADMIN_ORIGIN, type OpenAdmin, openAdmin } from "../../../kit/helpdesk/open-admin.ts";
import { helpdeskOptions } from "../../../kit/helpdesk/open-helpdesk.ts";

const MINUTE = 60_000;
const PUBLIC = ["/admin/login", "/admin/login/code", "/admin/invitation"];
/** Ends the session that the next request needs. */
const LOG_OUT = "POST /admin/logout";

type Answer = "allowed" | "not for the role" | "asks for a proof" | "asks for a log-in";

let admin: OpenAdmin;
/** Another node on the same storage. */
let otherNode: OpenAdmin;
let clock: MockClock;

beforeAll(async () => {
	clock = new MockClock();
	const options = { ...(await helpdeskOptions()), clock };
	admin = openAdmin(options);
	otherNode = openAdmin(options);
	const { core } = admin;
	await core.operators.makeFirst();
	for (const role of ROLES) {
		await core.operators.add(addressOf(role), role);
	}
	await (await core.addOns.find("x-login"))?.plugin.activate();
	return () => Promise.all([core.close(), otherNode.core.close()]);
});

function addressOf(role: Role): string {
	return `${role}@helpdesk.example`;
}

function routes(): readonly string[] {
	const all = admin.app.routes.filter(
		({ method, path }) => method !== "ALL" && !path.includes("*") && !PUBLIC.includes(path),
	);
	return all.map(({ method, path }) => `${method} ${path}`);
}

/** @param age of the operator's last proof. Milliseconds. */
async function ask(route: string, email: string, age: number): Promise<Answer> {
	return askWith(admin, route, await admin.openSession(email, clock.now() - age));
}

async function askWith(node: OpenAdmin, route: string, token: string): Promise<Answer> {
	const { app, sessions } = node;
	const [method = "", path = ""] = route.split(" ");
	const filled = path.replace(":pluginId", "x-login").replace(/:\w+(\{[^}]*\})?/g, "1");
	const body = new URLSearchParams({ _csrf: sessions.csrfOf(token) });
	const answer = await app.request(`${ADMIN_ORIGIN}${filled}`, {
		method,
		headers: { cookie: `admin-acorn=${token}` },
		...(method === "POST" && { body }),
	});
	const leadsTo = answer.headers.get("location") ?? "";
	return leadsTo.startsWith("/admin/login") && route !== LOG_OUT
		? "asks for a log-in"
		: leadsTo.startsWith("/admin/prove?")
			? "asks for a proof"
			: answer.status === 403 && (await answer.text()).includes("Your role does not allow this")
				? "not for the role"
				: "allowed";
}

function expected(route: string, role: Role, age: number): Answer {
	const [method = "", path = ""] = route.split(" ");
	const { least = "owner", proof = "never" } = accessTo(method, path) ?? {};
	if (ROLES.indexOf(role) < ROLES.indexOf(least)) {
		return "not for the role";
	}
	return proof === "always" && age >= 10 * MINUTE ? "asks for a proof" : "allowed";
}

test("the table has each route, and nothing else but the page of a plugin's developer", () => {
	const listed = [...ACCESS.keys()].filter((route) => route !== "GET /admin/plugin-calls");
	expect([...new Set(routes())].sort()).toEqual(listed.sort());
	expect(listed.length).toBeGreaterThan(80);
});

test.each(ROLES)(
	"%s gets what the table says at each route, with a fresh and an old proof",
	async (role) => {
		const wrong: string[] = [];
		for (const route of routes()) {
			for (const age of [0, 10 * MINUTE - 1, 10 * MINUTE, 11 * 60 * MINUTE]) {
				const answer = await ask(route, addressOf(role), age);
				if (answer !== expected(route, role, age)) {
					wrong.push(`${route}, ${age / MINUTE} minutes: ${answer}`);
				}
			}
		}
		expect(wrong).toEqual([]);
	},
);

test("HEAD is decided like GET", async () => {
	const { app } = admin;
	const token = await admin.openSession(addressOf("support"));
	const head = async (path: string) =>
		(
			await app.request(`${ADMIN_ORIGIN}${path}`, {
				method: "HEAD",
				headers: { cookie: `admin-acorn=${token}` },
			})
		).status;
	expect([await head("/admin/operators"), await head("/admin/users")]).toEqual([403, 200]);
});

test("a demoted operator's open session obeys at the next request on every node, and a removed one's is over", async () => {
	const { core, openSession } = admin;
	const email = "moving@helpdesk.example";
	await core.operators.add(email, "owner");
	const id = (await core.operators.list()).find((each) => each.email === email)?.id ?? "";
	const token = await openSession(email);
	const onBothNodes = () =>
		Promise.all([admin, otherNode].map((node) => askWith(node, "GET /admin/operators", token)));
	expect(await onBothNodes()).toEqual(["allowed", "allowed"]);

	expect(await core.operators.changeRole(id, "support")).toBe("changed");
	expect(await onBothNodes()).toEqual(["not for the role", "not for the role"]);

	expect(await core.operators.remove(id)).toBe("changed");
	expect(await onBothNodes()).toEqual(["asks for a log-in", "asks for a log-in"]);
});

// Attacks with a stolen session cookie whose owner logged in more than ten minutes ago.
test.each([
	["install an add-on", "POST /admin/settings/general/add-ons/install"],
	["export a user", "GET /admin/users/:id/export"],
	["export the sign-ins", "GET /admin/sign-ins/export"],
	["export links", "POST /admin/settings/general/integrations/:pluginId/links/export"],
	["delete a user", "POST /admin/users/:id/delete"],
	["have unused accounts deleted", "POST /admin/settings/users/registration"],
	["delete what a failed job did not delete", "POST /admin/jobs/:id/again"],
	["add an operator", "POST /admin/operators"],
	["make somebody an owner", "POST /admin/operators/:operatorId/role"],
	["log another operator out", "POST /admin/operators/:operatorId/log-out"],
	["log the owner out elsewhere", "POST /admin/profile/sessions/end-others"],
	["end a session of the owner", "POST /admin/profile/sessions/end"],
	["turn off a second factor", "POST /admin/profile/second-factor/off"],
	["read a new key for codes", "GET /admin/profile/second-factor/set-up"],
	["make new recovery codes", "POST /admin/profile/second-factor/recovery-codes"],
	["decide that nobody needs a second factor", "POST /admin/operators/second-factor"],
	["change the keys", "POST /admin/settings/general/integrations/:pluginId"],
])("a stolen session cookie alone cannot %s", async (_, route) => {
	expect(await ask(route, addressOf("owner"), 11 * MINUTE)).toBe("asks for a proof");
});

test("a stolen session cookie alone opens no route that needs a proof", async () => {
	const stolen = await admin.openSession(addressOf("owner"), clock.now() - 10 * MINUTE);
	const guarded = [...ACCESS].flatMap(([route, { proof }]) => (proof === "always" ? [route] : []));
	expect(guarded.length).toBeGreaterThan(40);
	for (const route of guarded) {
		expect([route, await askWith(admin, route, stolen)]).toEqual([route, "asks for a proof"]);
	}
});
