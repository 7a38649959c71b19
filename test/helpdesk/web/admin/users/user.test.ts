import { expect, test } from "vitest";
import { consentsOf } from "../../../../../src/helpdesk/namespaces.ts";
import { approveAtX } from "../../../../../src/testing/fake-x/fake-visitor.ts";
import { tinyZip } from "../../../../kit/artifact/plugin-versions.ts";
import { HttpVisitor } from "../../../../kit/helpdesk/http-visitor.ts";
import { install } from "../../../../kit/helpdesk/install-add-on.ts";
import { type OpenHelpdesk, openHelpdesk, setUpX } from "../../../../kit/helpdesk/open-helpdesk.ts";
import { type PlantedPerson, plantPeople } from "../../../../kit/helpdesk/planted-people.ts";
import {
	actOnUser,
	listedIds,
	mergeUsers,
	openUserPage,
	userIdOf,
} from "../../../../kit/helpdesk/users-pages.ts";
import { submitUntilDone } from "../../../../kit/jobs/until-done.ts";

const USERS = "/admin/users";
const [ONE, OTHER] = ["ada@bücher.example", "ada@xn--bcher-kva.example"];

async function openWith(...people: readonly PlantedPerson[]): Promise<OpenHelpdesk> {
	const open = await openHelpdesk();
	await plantPeople(open.storage, ...people);
	return open;
}

async function listed({ operator, portal }: OpenHelpdesk): Promise<string[]> {
	await operator.open(`${portal}${USERS}`);
	return listedIds(operator).sort();
}

/** The terms and details of the last page. */
function facts({ operator }: OpenHelpdesk): Record<string, string> {
	const pairs = operator.seen.html.matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/g);
	return Object.fromEntries(
		[...pairs].map(([, term = "", detail = ""]) => [term, detail.replace(/<[^>]+>/g, "")]),
	);
}

test("the page of a user says what is known, asks add-ons what is linked, and lists the last sign-ins and the helpdesks agreed to", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	const visitor = new HttpVisitor();
	await visitor.open(`${open.portal}/login`);
	const { url } = await visitor.submit("/login/x-login/start");
	await visitor.open(await approveAtX(url));
	const { operator, portal } = open;
	const id = await openUserPage(operator, portal, "ada@example.com");

	expect(facts(open)).toMatchObject({
		...{ "E-mail address": "ada@example.com", Status: "Active, not confirmed", Password: "None" },
		...{ Brand: "Acorn Outdoor", Language: "English", Id: id },
	});
	const { html } = operator.seen;
	expect(html).toMatch(/<\/svg>\s*<\/span> <span>X @ada, since Jan 15, 2026</);
	expect(html.match(/<span class="outcome came-in">Logged in</g)).toHaveLength(1);
	expect(html).toMatch(/\/admin\/sign-ins\/attempt\?trace=/);
	expect(html).toContain(`href="/admin/sign-ins?period=month&amp;user=${id}"`);
	expect(html).toContain("This is the only way in.");
	expect(html).not.toContain("/unlink?");
	expect(html).toContain("The user has agreed to none.");
	await operator.open(`${portal}${USERS}/nobody`);
	expect(operator.seen.status).toBe(404);
});

test("the page of a user lists the helpdesks that they agreed to, and what an add-on says just now", async () => {
	const open = await openWith({
		id: "ada",
		links: [{ addOn: "tiny", id: "tiny:1", label: "an old name" }],
	});
	const { operator, portal, storage } = open;
	const listLinkedAccounts = 'return [{ identityId: "tiny:1", label: "a new name", linkedAt: 0 }];';
	await install(operator, portal, tinyZip({ listLinkedAccounts }));
	const add = "/admin/settings/general/connected-helpdesks/add?brand=acorn&preset=request-tracker";
	await operator.open(`${portal}${add}`);
	await operator.submit(add, { address: "http://127.0.0.1:4" });
	const [, desk = ""] = /connected-helpdesks\/helpdesk\/([\w-]+)\?/.exec(operator.seen.html) ?? [];
	const key = [...consentsOf("acorn"), "ada", desk];
	await storage.commit({ sets: [{ key, value: { at: 1_750_000_000_000 } }] });

	await operator.open(`${portal}${USERS}/ada`);

	expect(operator.seen.html).toContain("<span>Tiny a new name<");
	expect(operator.seen.html).not.toContain("an old name");
	expect(operator.seen.html).toContain(
		"<td>http://127.0.0.1:4</td><td><time>2025-06-15 UTC</time></td>",
	);
});

test("an operator suspends, reinstates and deletes a user, and reads what happened", async () => {
	const open = await openWith({ id: "ada" }, { id: "bob" });
	const { operator, portal } = open;

	await actOnUser(operator, portal, "ada", "suspended");
	expect(operator.seen.html).toContain("The user is suspended and logged out everywhere.");
	expect(facts(open)).toMatchObject({ Status: "Suspended, confirmed" });
	expect(operator.seen.html).not.toContain(">Suspend</button>");
	await actOnUser(operator, portal, "ada", "active");
	expect(operator.seen.html).toContain("The user may log in.");
	await actOnUser(operator, portal, "ada", "delete");
	expect(operator.seen.html).toContain("The user is deleted, with everything linked to them.");
	expect(await listed(open)).toEqual(["bob"]);
});

test("a user who waits for approval can be approved, or suspended instead", async () => {
	const { operator, portal } = await openWith({ id: "ada", status: "awaiting-approval" });

	await operator.open(`${portal}${USERS}/ada`);

	expect(operator.seen.html).toContain(">Approve</button>");
	expect(operator.seen.html).toContain(">Suspend</button>");
	await operator.submit(`${USERS}/ada/active`);
	expect(operator.seen.html).toContain('<span class="outcome came-in">Active</span>, confirmed');
});

test("a user is merged by a search within the brand, after both are shown side by side", async () => {
	const open = await openWith(
		{ id: "user-1", name: "Ada Old" },
		{ id: "user-2", name: "Ada New" },
		{ id: "eve", name: "Ada Far", brandId: "harbor" },
	);
	const { operator, portal } = open;
	const path = `${USERS}/user-1/merge`;
	await operator.open(`${portal}${USERS}/user-1`);
	expect(operator.seen.html).toContain(`href="${path}"`);

	await operator.open(`${portal}${path}?q=ada`);
	const compare = [...operator.seen.html.matchAll(/href="([^"]+)"[^>]*>Compare</g)];
	expect(compare.map(([, href]) => href)).toEqual([`${path}?into=user-2`]);
	await operator.open(`${portal}${path}?into=user-2`);
	expect(operator.seen.html).toMatch(/Is deleted.*Ada Old.*Stays.*Ada New/s);
	expect(operator.seen.html).toContain(`href="${USERS}/user-2/merge?into=user-1"`);
	expect(await listed(open)).toEqual(["eve", "user-1", "user-2"]);
	await operator.open(`${portal}${path}?into=user-2`);
	const { html } = await submitUntilDone(operator, path);

	expect(html).toMatch(/The users are merged\.|data-state="done"/);
	expect(await listed(open)).toEqual(["eve", "user-2"]);
});

test.each([
	["an address", "bob@example.com"],
	["an address as it was pasted", "\u00a0BOB@EXAMPLE.com "],
	["an id", "bob"],
])("a form that names the user that stays by %s merges at once", async (_, into) => {
	const open = await openWith({ id: "ada" }, { id: "bob" });

	const { html } = await mergeUsers(open.operator, open.portal, "ada", into);

	expect(html).toContain("The users are merged.");
	expect(await listed(open)).toEqual(["bob"]);
});

test("a merge into nobody, into the same user, into one of another brand, and into two, says why and deletes nobody", async () => {
	const people = [
		...[ONE, OTHER].map((email = "", index) => ({ id: `old-${index}`, email })),
		...["ada", "bob"].map((id) => ({ id })),
		{ id: "eve", brandId: "harbor" },
	];
	const open = await openWith(...people);
	const { operator, portal } = open;
	const nobody = "Acorn Outdoor has no user with the e-mail address or id";

	for (const [into = "", problem = ""] of [
		[" ", "Enter the e-mail address or the id of the user that stays."],
		["<b>", `${nobody} &lt;b&gt;.`],
		["eve@example.com", `${nobody} eve@example.com.`],
		["eve", `${nobody} eve.`],
		["ada@example.com", "ada@example.com is the user that would be deleted. Enter another user"],
		["ada", "ada is the user that would be deleted. Enter another user"],
		[OTHER, `Several users have the address ${OTHER}. Enter one of their ids: old-1 or old-0.`],
	]) {
		expect(await mergeUsers(operator, portal, "ada", into)).toMatchObject({ status: 400 });
		expect(operator.seen.html).toContain(`Nobody was merged. ${problem}`);
		if (into.trim() !== "") {
			await operator.open(`${portal}${USERS}/ada/merge?${new URLSearchParams({ into })}`);
			expect(operator.seen.status).toBe(404);
			expect(operator.seen.html).toContain(problem);
		}
		expect(await listed(open)).toEqual(people.map(({ id }) => id).sort());
	}
	await mergeUsers(operator, portal, "old-0", OTHER ?? "");
	expect(operator.seen.html).toContain("The users are merged.");
	expect(await listed(open)).not.toContain("old-0");
});

test("the search of a merge has pages, and finds nobody at another brand", async () => {
	const twins = Array.from({ length: 30 }, (_, index) => ({ id: `twin-${index}`, name: "Anna" }));
	const open = await openWith(...twins, { id: "eve", name: "Anna", brandId: "harbor" });
	const { operator, portal } = open;

	const found: string[] = [];
	let path: string | undefined = `${USERS}/twin-0/merge?q=anna`;
	while (path !== undefined) {
		const { html } = await operator.open(`${portal}${path}`);
		found.push(...[...html.matchAll(/into=([\w-]+)"/g)].map(([, id]) => id ?? ""));
		path = /href="([^"]+)">Next</.exec(html)?.[1]?.replaceAll("&amp;", "&");
	}

	const others = twins.map(({ id }) => id).filter((id) => id !== "twin-0");
	expect(found.sort()).toEqual(others.sort());
	await operator.open(`${portal}${USERS}/twin-0/merge?q=zzz`);
	expect(operator.seen.html).toContain("No other user of Acorn Outdoor matches.");
});

test("a user added as after an e-mailed ticket is listed at once", async () => {
	const { operator, portal } = await openHelpdesk();
	await operator.open(`${portal}${USERS}`);

	await operator.submit(`${USERS}/add`, { brand: "acorn", email: "tim@example.com" });

	expect(operator.seen.html).toContain("The account is added, as after an e-mailed ticket.");
	expect(operator.seen.html).toContain('<span class="outcome quiet">Active</span>, unclaimed');
	expect(await userIdOf(operator, portal, "tim@example.com")).toMatch(/^[\da-f-]{36}$/);
});
