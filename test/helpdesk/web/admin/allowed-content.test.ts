// The pages are read as the roles get them, and the routes come from the application, so that a new page is covered without
// being named.
import { type Document, Window } from "happy-dom";
import { beforeAll, expect, test } from "vitest";
import { ROLES, type Role } from "../../../../src/helpdesk/people/operator-roles.ts";
import { accessAt } from "../../../../src/helpdesk/web/admin/access.ts";
import { MockClock } from "../../../../src/testing/mock-host/mock-clock.ts";
import { ADMIN_ORIGIN, type OpenAdmin, openAdmin } from "../../../kit/helpdesk/open-admin.ts";
import { helpdeskOptions } from "../../../kit/helpdesk/open-helpdesk.ts";

let admin: OpenAdmin;
let userId: string;

beforeAll(async () => {
	admin = openAdmin({ ...(await helpdeskOptions()), clock: new MockClock() });
	const { core } = admin;
	await core.operators.makeFirst();
	for (const role of ROLES) {
		await core.operators.add(addressOf(role), role);
	}
	await (await core.addOns.find("x-login"))?.plugin.activate();
	const about = { brandId: "acorn", name: "Ada", email: "ada@example.com", locale: "en" };
	const added = await core.accounts.addFromTicket(about);
	userId = added?.id ?? expect.fail("no user");
	return () => core.close();
});

function addressOf(role: Role): string {
	return `${role}@helpdesk.example`;
}

async function pageFor(role: Role, path: string): Promise<Document> {
	const token = await admin.openSession(addressOf(role));
	const headers = { cookie: `admin-acorn=${token}` };
	const answer = await admin.app.request(`${ADMIN_ORIGIN}${path}`, { headers });
	const type = answer.headers.get("content-type") ?? "";
	const html = type.startsWith("text/html") ? await answer.text() : "";
	return new new Window().DOMParser().parseFromString(html, "text/html");
}

/** The pages that can be opened, with a value for each parameter. */
function pages(): readonly string[] {
	const gets = admin.app.routes.filter(({ method, path }) => method === "GET" && path !== "");
	return [...new Set(gets.map(({ path }) => path))].map((path) =>
		path
			.replace(":pluginId", "x-login")
			.replace("/admin/users/:id", `/admin/users/${userId}`)
			.replace(/:\w+(\{[^}]*\})?/g, "1"),
	);
}

/** The routes of the administration that the forms and links of a page lead to. */
function routesFrom(document: Document): readonly (readonly [method: string, path: string])[] {
	const path = (address: string | null): string => (address ?? "").split(/[?#]/, 1)[0] ?? "";
	const links = [...document.querySelectorAll("a[href]")].map(
		(each) => ["GET", path(each.getAttribute("href"))] as const,
	);
	const forms = [...document.querySelectorAll("form")].map((each) => {
		const method = each.getAttribute("method") === "post" ? "POST" : "GET";
		return [method, path(each.getAttribute("action"))] as const;
	});
	return [...links, ...forms].filter(([, each]) => each.startsWith("/admin"));
}

test.each(ROLES)("no page shows %s a form or a link that the role may not use", async (role) => {
	const wrong: string[] = [];
	let seen = 0;
	for (const path of pages()) {
		for (const [method, leads] of routesFrom(await pageFor(role, path))) {
			const { least = "support" } = accessAt(method, leads) ?? {};
			seen += 1;
			if (ROLES.indexOf(role) < ROLES.indexOf(least)) {
				wrong.push(`${path}: ${method} ${leads}`);
			}
		}
	}
	expect([...new Set(wrong)]).toEqual([]);
	expect(seen).toBeGreaterThan(100);
});

function headings(document: Document): readonly string[] {
	return [...document.querySelectorAll("main h2")].map(({ textContent }) => textContent);
}

test("support sees a user without actions, and without headings that are left alone", async () => {
	const full = headings(await pageFor("administrator", `/admin/users/${userId}`));
	expect(full).toEqual(["Linked accounts", "Last sign-ins", "Sessions", "Helpdesks used"]);

	const page = await pageFor("support", `/admin/users/${userId}`);

	expect(headings(page)).toEqual(full);
	expect(page.querySelector("main")?.textContent).not.toMatch(/Suspend|Delete|Export|Merge/);
	const list = await pageFor("support", "/admin/users");
	expect(headings(list)).not.toContain("Add a user who sent a ticket by e-mail");
	const columns = [...list.querySelectorAll("[aria-labelledby=list] th")].map(
		({ textContent }) => textContent,
	);
	expect(columns).toEqual(["User", "Status"]);
	expect(list.querySelector("main")?.textContent).not.toMatch(/Add a user|With those selected/);
	expect(list.querySelectorAll("[aria-labelledby=list] td")).toHaveLength(2);
});

test("an administrator sees add-ons without the ways to choose their code", async () => {
	const page = await pageFor("administrator", "/admin/settings/general/add-ons");

	expect(headings(page)).toEqual(["Installed", "Marketplace", "What you trust"]);
	expect(page.querySelector("main")?.textContent).toContain("Uninstall");
	expect(headings(await pageFor("owner", "/admin/settings/general/add-ons"))).toContain("Upload");
});

test("an owner gets each page as it was written", async () => {
	for (const path of [
		"/admin/users",
		`/admin/users/${userId}`,
		"/admin/settings/general/add-ons",
	]) {
		const page = await pageFor("owner", path);
		expect(page.querySelectorAll("main form[method=post]").length).toBeGreaterThan(0);
	}
});
