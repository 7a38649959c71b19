// The tests read the routes from the application itself, so that no route is left out of the table of deeds.
import { expect, onTestFinished, test } from "vitest";
import { FIRST_OPERATOR } from "../../../../../src/helpdesk/people/operator-roster.ts";
import { DEEDS_OF_ROUTES } from "../../../../../src/helpdesk/web/admin/deeds.ts";
import { ADMIN_ORIGIN, openAdmin } from "../../../../kit/helpdesk/open-admin.ts";
import { helpdeskOptions } from "../../../../kit/helpdesk/open-helpdesk.ts";

async function openRoutes() {
	const admin = openAdmin(await helpdeskOptions());
	onTestFinished(() => admin.core.close());
	await admin.core.operators.makeFirst();
	await (await admin.core.addOns.find("x-login"))?.plugin.activate();
	const routes = admin.app.routes.filter(({ path }) => !path.includes("*"));
	const named = (method: string) =>
		routes.filter((each) => each.method === method).map(({ path }) => `${method} ${path}`);
	return { ...admin, posts: [...new Set(named("POST"))], gets: [...new Set(named("GET"))] };
}

test("every route that takes a form is in the table of deeds", async () => {
	const { posts } = await openRoutes();
	expect(posts.length).toBeGreaterThan(30);
	expect(posts.filter((route) => !Object.hasOwn(DEEDS_OF_ROUTES, route))).toEqual([]);
});

test("every route in the table is one of the administration", async () => {
	const { posts, gets } = await openRoutes();
	const unknown = Object.keys(DEEDS_OF_ROUTES).filter(
		(route) => !posts.includes(route) && !gets.includes(route),
	);
	expect(unknown).toEqual([]);
});

test("a route without a deed says why", () => {
	const reasons = Object.entries(DEEDS_OF_ROUTES).flatMap(([route, deed]) =>
		"none" in deed ? [[route, deed.none.length > 20]] : [],
	);
	expect(reasons).toEqual([
		["POST /admin/login", true],
		["POST /admin/login/code", true],
		["POST /admin/language", true],
		["POST /admin/profile/address/code", true],
		["POST /admin/invitation", true],
		["POST /admin/users/selected/approve", true],
		["POST /admin/users/selected/suspend", true],
		["POST /admin/users/selected/download", true],
		["POST /admin/settings/general/brands/brand/:brandId/texts/preview", true],
	]);
});

test("every route that gives a file away is in the table", async () => {
	const { app, core, openSession, gets } = await openRoutes();
	const added = await core.accounts.addFromTicket({
		...{ brandId: "acorn", name: "ada", email: "ada@example.com", locale: "en" },
	});
	const cookie = `admin-acorn=${await openSession(FIRST_OPERATOR)}`;
	const files: string[] = [];
	for (const route of gets) {
		const path = route
			.slice("GET ".length)
			.replace(":pluginId", "x-login")
			.replace("/admin/users/:id", `/admin/users/${added?.id}`)
			.replace(/:\w+(\{[^}]*\})?/g, "1");
		const answer = await app.request(`${ADMIN_ORIGIN}${path}`, { headers: { cookie } });
		await answer.text();
		if (answer.headers.get("content-disposition")?.startsWith("attachment")) {
			files.push(route);
		}
	}
	expect(files.length).toBeGreaterThan(3);
	expect(files.filter((route) => !Object.hasOwn(DEEDS_OF_ROUTES, route))).toEqual([]);
});
