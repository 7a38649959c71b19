import { expect, test } from "vitest";
import { keptLinks } from "../../../src/helpdesk/people/links-due.ts";
import { addPerson, atX, openAccounts } from "../../kit/helpdesk/open-accounts.ts";

const MINUTE_MS = 60_000;

test("links are kept sorted, each once, with labels that are safe to show, and at most 20", () => {
	const many = Array.from({ length: 30 }, (_, index) => ({
		...{ addOn: "x-login", id: `x:${String(index).padStart(2, "0")}`, label: `h${index}` },
	}));
	expect(keptLinks([...many, ...many].reverse())).toEqual(many.slice(0, 20));
	expect(keptLinks([{ addOn: "b", id: "1", label: "\u202eada\u0000 l " }, atX("ada")])).toEqual([
		{ addOn: "b", id: "1", label: "ada l" },
		atX("ada"),
	]);
});

test("an account that a plugin has just made waits for its links, and one that registered does not", async () => {
	const { accounts, clock } = openAccounts();
	const { records } = accounts;
	const user = { brandId: "acorn", name: "Ada", email: "ada@example.com", locale: "en" };
	const made = await accounts.create("ada", { ...user, emailProof: "asserted" });
	const id = made.kind === "created" ? made.user.id : "";
	const registered = await accounts.register({ ...user, email: "bob@example.com" }, "hashed");

	expect(await records.linksNote(id)).toEqual(expect.any(String));
	expect(await records.linksNote(registered?.id ?? "")).toBe(null);
	expect(await records.linksDue(clock.now(), 20)).toEqual([]);
	clock.advance(MINUTE_MS);
	expect(await records.linksDue(clock.now(), 20)).toMatchObject([{ userId: id }]);

	await records.setLinks(id, [atX("ada")], await records.linksNote(id));
	expect(await records.linksDue(clock.now() + MINUTE_MS, 20)).toEqual([]);
	expect((await accounts.find(id))?.links).toEqual([atX("ada")]);
});

test("an answer that is older than a deed is not stored, and the note of the deed stays", async () => {
	const open = openAccounts();
	const { records } = open.accounts;
	const { id } = await addPerson(open, { name: "Ada", links: [atX("ada")] });
	await records.noteLinks([id]);
	const old = await records.linksNote(id);
	await records.noteLinks([id]);

	expect(await records.setLinks(id, [], old)).toBe(undefined);
	expect(await records.setLinks(id, [], null)).toBe(undefined);
	expect((await open.accounts.find(id))?.links).toEqual([atX("ada")]);
	expect(await records.linksNote(id)).not.toBe(null);

	expect(await records.setLinks(id, [], await records.linksNote(id))).toMatchObject({ links: [] });
	expect(await records.linksNote(id)).toBe(null);
});

test("links that are the same write no account, and the note goes", async () => {
	const open = openAccounts();
	const { records } = open.accounts;
	const { id } = await addPerson(open, { name: "Ada", links: [atX("ada")] });
	const before = await open.place.get(["account", id]);
	await records.noteLinks([id]);

	await records.setLinks(id, [atX("ada")], await records.linksNote(id));

	expect((await open.place.get(["account", id]))?.version).toBe(before?.version);
	expect(await records.linksNote(id)).toBe(null);
});

test("the oldest notes come first, up to a number, and none of a deleted user", async () => {
	const open = openAccounts();
	const { records } = open.accounts;
	const ids: string[] = [];
	for (let index = 0; index < 30; index += 1) {
		ids.push((await addPerson(open, { name: `Person ${index}` })).id);
		open.clock.advance(10);
	}
	for (const id of ids) {
		await records.noteLinks([id]);
		open.clock.advance(1000);
	}
	await open.accounts.delete(ids[0] ?? "");

	const due = await records.linksDue(open.clock.now() - 10_000, 5);

	expect(due.map(({ userId }) => userId)).toEqual(ids.slice(1, 6));
	expect(await records.linksDue(open.clock.now(), 100)).toHaveLength(29);
});

test("notes that cannot be worked off keep no others waiting, however many they are", async () => {
	const open = openAccounts();
	const { records } = open.accounts;
	const many = Array.from({ length: 2100 }, (_, index) => `0-${String(index).padStart(5, "0")}`);
	await records.noteLinks([...many, "9-nobody"]);
	open.clock.advance(MINUTE_MS);
	const seen = new Set<string>();

	for (let rounds = 0; rounds < 150 && !seen.has("9-nobody"); rounds += 1) {
		const due = await records.linksDue(open.clock.now(), 20);
		expect(due).toHaveLength(20);
		for (const { userId } of due) {
			seen.add(userId);
		}
		await records.noteLinks(due.map(({ userId }) => userId));
		open.clock.advance(MINUTE_MS);
	}

	expect(seen.has("9-nobody")).toBe(true);
});

test("a note of a clock that was wrong is worked off, and not only when its time has come", async () => {
	const open = openAccounts();
	const { records } = open.accounts;
	open.clock.advance(365 * 24 * 60 * MINUTE_MS);
	await records.noteLinks(["ada"]);
	open.clock.advance(-365 * 24 * 60 * MINUTE_MS);
	await records.noteLinks(["bob"]);

	const due = await records.linksDue(open.clock.now(), 20);

	expect(due.map(({ userId }) => userId)).toEqual(["ada"]);
});
