// What an operator does to the users whose boxes are checked: approve, suspend, export.
import { expect, test } from "vitest";
import { StorageError } from "../../../../../src/contract/storage.ts";
import { formsIn } from "../../../../../src/testing/forms-in.ts";
import { openWorld, type World } from "../../../../kit/deeds/world.ts";
import type { Seen } from "../../../../kit/helpdesk/http-visitor.ts";

const USERS = "/admin/users";
const SELECTED = `${USERS}/selected`;

/** Sends a form about users from the list. */
async function send(
	{ operator, url }: World,
	path: string,
	ids: readonly string[],
	...more: readonly (readonly [string, string])[]
): Promise<Seen> {
	const { html } = await operator.open(`${url}${USERS}`);
	const csrf = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? "";
	const users = ids.map((id) => ["user", id] as const);
	return operator.post(`${url}${path}`, [["_csrf", csrf], ...users, ...more]);
}

async function withUsers(world: World, count: number): Promise<readonly string[]> {
	const ids: string[] = [];
	for (let index = 0; index < count; index += 1) {
		const about = { brandId: "acorn", name: `u${index}`, email: `u${index}@example.com` };
		const added = await world.core.accounts.addFromTicket({ ...about, locale: "en" });
		ids.push(added?.id ?? expect.fail("no user"));
	}
	return ids;
}

async function statuses({ core }: World, ids: readonly string[]): Promise<readonly string[]> {
	const found = await Promise.all(ids.map((id) => core.accounts.find(id)));
	return found.map((each) => each?.status ?? "gone");
}

async function entriesOf(world: World, deed: string): Promise<readonly (string | null)[]> {
	const { entries } = await world.core.audit.log.page({ deed });
	return entries.map(({ objectId }) => objectId);
}

test("each row has a box of one form without scripts, whose buttons approve, export and suspend, and keep the filter", async () => {
	const world = await openWorld();
	const { operator, url, ada, bob } = world;

	const { html } = await operator.open(`${url}${USERS}?q=example`);

	const form = formsIn(html).find(({ action }) => action.startsWith(SELECTED));
	const boxes = form?.controls.filter(({ type }) => type === "checkbox") ?? [];
	expect(boxes.map(({ name }) => name)).toEqual(["user", "user"]);
	expect(html).toContain(`value="${ada}" form="selected"`);
	expect(html).toContain(`value="${bob}" form="selected"`);
	const buttons = form?.controls.filter(({ type }) => type === "submit") ?? [];
	expect(buttons.map(({ action }) => action)).toEqual([
		`${SELECTED}/approve?q=example`,
		`${SELECTED}/download?q=example`,
		`${SELECTED}/suspend?q=example`,
	]);
});

test("suspending asks first with the names, then suspends each with an entry of its own, and leads back to the list", async () => {
	const world = await openWorld();
	const { operator, ada, bob } = world;
	const [other = ""] = await withUsers(world, 1);

	const asked = await send(world, `${SELECTED}/suspend?status=active`, [ada, bob, ada, "nobody"]);
	expect(asked.html).toContain("Suspend 2 users?");
	expect(asked.html).toContain("<li>ada@example.com</li>");
	expect(asked.html).toContain("<li>bob@example.com</li>");
	expect(await statuses(world, [ada, bob])).toEqual(["active", "active"]);
	await operator.submit(`${SELECTED}/suspend?status=active`);

	expect(operator.seen.url).toContain(`${USERS}?status=active&done=suspended`);
	expect(operator.seen.html).toContain("2 users are suspended and logged out everywhere.");
	expect(await statuses(world, [ada, bob, other])).toEqual(["suspended", "suspended", "active"]);
	expect([...(await entriesOf(world, "user.suspend"))].sort()).toEqual([ada, bob].sort());
});

test("approving lets in those who wait for approval, and nobody who is suspended", async () => {
	const world = await openWorld();
	const { core, ada, bob } = world;
	const brand = await core.registration.of("acorn");
	await core.registration.set("acorn", { ...brand, registration: "approval" });
	const about = { brandId: "acorn", name: "Cleo", email: "cleo@example.com", locale: "en" };
	const cleo = (await core.accounts.register(about, "hashed"))?.id ?? "";
	await core.accounts.setStatus(bob, "suspended");
	expect(await statuses(world, [cleo])).toEqual(["awaiting-approval"]);

	const { html } = await send(world, `${SELECTED}/approve`, [ada, bob, cleo]);

	expect(html).toContain("1 user is approved. 2 users did not wait for approval.");
	expect(await statuses(world, [ada, bob, cleo])).toEqual(["active", "suspended", "active"]);
	expect(await entriesOf(world, "user.activate")).toEqual([cleo]);
});

test("exporting gives one file with what is kept about each, and each has an entry", async () => {
	const world = await openWorld();
	const { ada, bob } = world;

	const { html, headers } = await send(world, `${SELECTED}/download`, [ada, bob]);

	expect(headers.get("content-disposition")).toBe('attachment; filename="users.json"');
	const { users } = JSON.parse(html) as { readonly users: readonly { readonly email: string }[] };
	expect(users.map(({ email }) => email)).toEqual(["ada@example.com", "bob@example.com"]);
	expect([...(await entriesOf(world, "user.export"))].sort()).toEqual([ada, bob].sort());
});

test.each(["approve", "suspend", "download"])(
	"%s without a selected user does nothing and says so",
	async (action) => {
		const world = await openWorld();

		const { status, html } = await send(world, `${SELECTED}/${action}`, []);

		expect(status).toBe(400);
		expect(html).toContain("Nothing was done. Select users in the list first.");
	},
);

test("no more users are changed than a page of the list shows", async () => {
	const world = await openWorld();
	const ids = await withUsers(world, 27);

	const { html } = await send(world, `${SELECTED}/suspend`, ids, ["confirmed", "yes"]);

	expect(html).toContain("25 users are suspended");
	expect((await statuses(world, ids)).filter((each) => each === "active")).toHaveLength(2);
});

test("wherever a node dies, those who are suspended have their entry and the others have none, and the same form goes on", async () => {
	const world = await openWorld();
	const { storage } = world;
	const ids = await withUsers(world, 3);
	await storage.keep();
	const cookies = new Map(world.operator.cookies);
	const seen = new Set<number>();

	for (let writes = 0; writes < 80; writes += 1) {
		await storage.putBack();
		world.operator.cookies.clear();
		for (const [name, value] of cookies) {
			world.operator.cookies.set(name, value);
		}
		const { html } = await world.operator.open(`${world.url}${USERS}`);
		const csrf = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? "";
		const form = [
			["_csrf", csrf] as const,
			...ids.map((id) => ["user", id] as const),
			["confirmed", "yes"] as const,
		];
		const path = `${world.url}${SELECTED}/suspend`;
		storage.cutAfter(writes);
		const cut = await world.operator.post(path, form).catch((error: unknown) => error);
		const { isCut } = storage;
		storage.cutAfter(Number.POSITIVE_INFINITY);

		const states = await statuses(world, ids);
		const done = ids.filter((_, index) => states[index] === "suspended");
		expect([...(await entriesOf(world, "user.suspend"))].sort()).toEqual([...done].sort());
		seen.add(done.length);
		if (!isCut) {
			break;
		}
		expect(cut).not.toBeInstanceOf(StorageError);
		const again = await world.operator.post(path, form);
		expect(again.html).toContain(`${3 - done.length} user`);
		expect(await statuses(world, ids)).toEqual(["suspended", "suspended", "suspended"]);
		expect([...(await entriesOf(world, "user.suspend"))].sort()).toEqual([...ids].sort());
	}
	expect([...seen].sort()).toEqual([0, 1, 2, 3]);
});

test("a storage that goes away in the middle leaves the done ones done, and the page says how many", async () => {
	const world = await openWorld();
	const { storage, operator, url } = world;
	const ids = await withUsers(world, 3);
	await storage.keep();
	const pages: string[] = [];
	for (let writes = 0; writes < 60 && pages.length === 0; writes += 1) {
		await storage.putBack();
		const { html } = await operator.open(`${url}${USERS}`);
		const csrf = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? "";
		const form = [["_csrf", csrf], ...ids.map((id) => ["user", id]), ["confirmed", "yes"]] as const;
		storage.cutAfter(writes);
		const seen = await operator.post(
			`${url}${SELECTED}/suspend`,
			form.map(([name = "", value = ""]) => [name, value]),
		);
		storage.cutAfter(Number.POSITIVE_INFINITY);
		const states = await statuses(world, ids);
		if (states.join() === "suspended,active,active") {
			expect(seen.status).toBe(503);
			pages.push(seen.html);
		}
	}
	expect(pages.at(0)).toContain("1 user is suspended and logged out everywhere.");
	expect(pages.at(0)).toContain("2 users are as before. Select them once more in a moment.");
});
