import { describe, expect, test } from "vitest";
import type { StorageCommit } from "../../../src/contract/storage.ts";
import { indexKeys } from "../../../src/helpdesk/people/account-index.ts";
import type { PeopleFilter } from "../../../src/helpdesk/people/people-search.ts";
import {
	accountKey,
	STORED_ACCOUNT,
	type StoredAccount,
} from "../../../src/helpdesk/people/stored-account.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { readEntry } from "../../../src/storage/stored-value.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import {
	addPerson,
	atX,
	type OpenAccounts,
	openAccounts,
} from "../../kit/helpdesk/open-accounts.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";
import { CountingStorage } from "../../kit/storage/counting-storage.ts";
import { describeEachEngine } from "../../kit/storage/each-engine.ts";

const BRANDS = ["acorn", "harbor"];
const EVERYBODY: PeopleFilter = {
	...{ words: "", brandId: undefined, status: undefined, linked: undefined },
	withoutOtherWayIn: false,
};

/** The names on all pages, and how many pages there were. */
async function namesOf({ search }: OpenAccounts, filter: Partial<PeopleFilter>): Promise<string[]> {
	const names: string[] = [];
	let cursor: string | undefined;
	do {
		const page = await search.page({ ...EVERYBODY, ...filter }, BRANDS, cursor);
		expect(page.accounts.length).toBeLessThanOrEqual(25);
		names.push(...page.accounts.map(({ name }) => name));
		cursor = page.next;
	} while (cursor !== undefined);
	return names;
}

function range(length: number): readonly number[] {
	return Array.from({ length }, (_, index) => index);
}

/** People of each status and with all ways to log in, at two brands. */
async function addPeople(open: OpenAccounts, count: number): Promise<void> {
	for (const index of range(count)) {
		open.clock.advance(1000);
		const brandId = index % 3 === 0 ? "harbor" : "acorn";
		const links = index % 2 === 0 ? [atX(`handle_${index}`)] : [];
		const { id } = await addPerson(open, { name: `Person ${index}`, brandId, links });
		if (index % 5 === 0) {
			await open.accounts.setPassword(id, "correct horse");
		}
		if (index % 7 === 0) {
			await open.accounts.setStatus(id, "suspended");
		}
	}
}

const IS: Readonly<Record<string, (index: number) => boolean>> = {
	brandId: (index) => index % 3 !== 0,
	status: (index) => index % 7 === 0,
	linked: (index) => index % 2 === 0,
	withoutOtherWayIn: (index) => index % 2 === 0 && index % 5 !== 0,
	words: () => true,
};

describeEachEngine((openEngine) => {
	test("each filter, alone and with others, finds everybody whom it means, once, by pages", async () => {
		const clock = new MockClock();
		const open = openAccounts(clock, await openEngine(clock));
		await open.search.state();
		await addPeople(open, 120);
		const filters: Partial<PeopleFilter>[] = [
			{},
			{ brandId: "acorn" },
			{ status: "suspended" },
			{ linked: true },
			{ linked: false },
			{ withoutOtherWayIn: true },
			{ brandId: "acorn", linked: true },
			{ brandId: "acorn", status: "suspended", withoutOtherWayIn: true },
			{ words: "pers" },
			{ words: "pers", brandId: "acorn" },
			{ words: "person", status: "suspended", linked: true },
		];
		for (const filter of filters) {
			const wanted = range(120).filter((index) =>
				Object.entries(filter).every(([name, value]) => {
					const isOne = IS[name]?.(index) ?? false;
					return value === false ? !isOne : isOne;
				}),
			);
			const names = await namesOf(open, filter);
			expect([...names].sort()).toEqual(wanted.map((index) => `Person ${index}`).sort());
		}
		expect((await namesOf(open, {})).slice(0, 3)).toEqual([
			"Person 119",
			"Person 118",
			"Person 117",
		]);
	}, 120_000);
});

test("people are found by address, name, handle and id, with and without accents", async () => {
	const open = openAccounts();
	const zoe = await addPerson(open, {
		...{ name: "Zoë Ångström", email: "zoe.a@büro.example", links: [atX("zoe_oe")] },
	});
	await addPerson(open, { name: "Zora Other", brandId: "harbor" });

	for (const words of [
		...["zoe.a@büro.example", " ZOE.A@xn--bro-hoa.example ", "zoe ang", "ÅNGSTROM Zoë", "@zoe_oe"],
		...["oe", "zoe_o", "zoe.a@bu", "buro", zoe.id, zoe.id.slice(0, 8), zoe.id.slice(0, 4)],
	]) {
		expect(await namesOf(open, { words })).toEqual(["Zoë Ångström"]);
	}
	expect(await namesOf(open, { words: "zo" })).toHaveLength(2);
	expect(await namesOf(open, { words: "zo", brandId: "harbor" })).toEqual(["Zora Other"]);
	expect(await namesOf(open, { words: "zoe.a@büro.example", brandId: "harbor" })).toEqual([]);
	expect(await namesOf(open, { words: "ngstrom" })).toEqual([]);
	expect(await namesOf(open, { words: "…" })).toEqual([]);
});

test("a person several of whose words begin as typed is found once", async () => {
	const open = openAccounts();
	for (const index of range(40)) {
		await addPerson(open, { name: `Annika${index} Annabel`, links: [atX(`annex_${index}`)] });
	}
	const names = await namesOf(open, { words: "ann" });
	expect(names).toHaveLength(40);
	expect(new Set(names).size).toBe(40);
});

test("a name that changes is found by the new words and no longer by the old ones", async () => {
	const open = openAccounts();
	const { id } = await addPerson(open, { name: "Before", links: [atX("old_handle")] });

	await open.accounts.claim(id, { name: "After", password: "hashed", isHolder: true });
	await open.accounts.records.setLinks(id, [atX("new_handle")], null);

	expect(await namesOf(open, { words: "before" })).toEqual([]);
	expect(await namesOf(open, { words: "old_handle" })).toEqual([]);
	expect(await namesOf(open, { words: "after" })).toEqual(["After"]);
	expect(await namesOf(open, { words: "new_h" })).toEqual(["After"]);
});

test("a page of a common word looks at 200 people, says so, and goes on where it stopped", async () => {
	const clock = new MockClock();
	const storage = new CountingStorage(new MemoryStorage(clock));
	const open = openAccounts(clock, storage);
	for (const index of range(450)) {
		await addPerson(open, { name: `Anna ${index === 440 ? "Smith" : "Other"}` });
	}
	storage.costsSoFar();
	const filter = { ...EVERYBODY, words: "anna smi" };
	const pages = [await open.search.page(filter, BRANDS)];
	expect(storage.costsSoFar().operations).toBeLessThanOrEqual(210);
	for (let next = pages[0]?.next; next !== undefined; ) {
		const page = await open.search.page(filter, BRANDS, next);
		pages.push(page);
		next = page.next;
	}

	expect(pages.map(({ isPartial }) => isPartial)).toEqual([true, true, false]);
	expect(pages.flatMap(({ accounts }) => accounts.map(({ name }) => name))).toEqual(["Anna Smith"]);
});

test("no page reads more when there are more people", async () => {
	const costs: number[] = [];
	for (const people of [100, 300]) {
		const clock = new MockClock();
		const storage = new CountingStorage(new MemoryStorage(clock));
		const open = openAccounts(clock, storage);
		await open.search.state();
		await addPeople(open, people);
		storage.costsSoFar();
		for (const filter of [
			{},
			{ linked: true },
			{ status: "active" as const },
			{ words: "person" },
		]) {
			await open.search.page({ ...EVERYBODY, ...filter }, BRANDS);
			costs.push(storage.costsSoFar().operations);
		}
	}
	expect(costs.slice(4)).toEqual(costs.slice(0, 4));
	expect(Math.max(...costs)).toBeLessThanOrEqual(60);
});

/** Changes an account as an earlier version does: no key of the index changes with it. */
async function changeAsBefore(
	{ place }: OpenAccounts,
	id: string,
	change: (stored: StoredAccount) => StoredAccount | undefined,
): Promise<void> {
	const entry = (await place.get(accountKey(id))) ?? expect.fail("no account");
	const value = change(readEntry(entry, STORED_ACCOUNT));
	const commit: StorageCommit = value
		? { sets: [{ key: entry.key, value }] }
		: { deletes: [entry.key] };
	await place.commit(commit);
}

describe("keys that an earlier version left behind", () => {
	test("are deleted when they are hit, and the account is found by what it is now", async () => {
		const open = openAccounts();
		const { id } = await addPerson(open, { name: "Ada Lovelace" });
		await open.search.state();
		await changeAsBefore(open, id, (stored) => ({
			...stored,
			name: "Countess",
			status: "suspended",
		}));

		expect(await namesOf(open, { words: "lovelace" })).toEqual([]);
		expect(await namesOf(open, { words: "countess" })).toEqual(["Countess"]);
		expect(await namesOf(open, { status: "active" })).toEqual([]);
		expect(await namesOf(open, { status: "suspended" })).toEqual(["Countess"]);
		expect(await namesOf(open, { words: "ada" })).toEqual([]);

		const stored = readEntry(
			(await open.place.get(accountKey(id))) ?? expect.fail(),
			STORED_ACCOUNT,
		);
		const keys = (
			await Promise.all(["word", "newest", "class"].map((kind) => allEntries(open.place, [kind])))
		).flat();
		expect(keys.map(({ key }) => key.join("/")).sort()).toEqual(
			indexKeys(id, stored)
				.map((key) => key.join("/"))
				.sort(),
		);
	});

	test("are deleted when their account is gone", async () => {
		const open = openAccounts();
		const { id } = await addPerson(open, { name: "Ada Lovelace" });
		await addPerson(open, { name: "Ada Other" });
		await open.search.state();
		await changeAsBefore(open, id, () => undefined);

		expect(await namesOf(open, { words: "ada" })).toEqual(["Ada Other"]);
		expect(await namesOf(open, {})).toEqual(["Ada Other"]);
		expect((await allEntries(open.place, ["word", "ada", id])).length).toBe(0);
		expect(await open.place.get(["word", "ada", id])).toBe(undefined);
	});

	test("stay when their account cannot be read, which is reported", async () => {
		const open = openAccounts();
		const { id } = await addPerson(open, { name: "Ada Lovelace" });
		await open.search.state();
		await open.place.commit({ sets: [{ key: accountKey(id), value: "broken" }] });

		expect(await namesOf(open, { words: "ada" })).toEqual([]);
		expect(await namesOf(open, { words: id })).toEqual([]);
		expect(await namesOf(open, {})).toEqual([]);
		expect(await open.place.get(["word", "ada", id])).toBeDefined();
		expect(open.reports).toHaveLength(3);
		expect(open.reports[0]).toContain("accounts/account");
	});
});

test("people who are added and deleted while pages are read change nobody else's place", async () => {
	const open = openAccounts();
	for (const index of range(80)) {
		await addPerson(open, { name: `Anna ${index % 2 === 0 ? "Even" : "Odd"} N${index}` });
	}
	const names: string[] = [];
	let cursor: string | undefined;
	let turn = 0;
	do {
		const page = await open.search.page({ ...EVERYBODY, words: "anna even" }, BRANDS, cursor);
		names.push(...page.accounts.map(({ name }) => name));
		const [first] = page.accounts;
		await open.accounts.delete(first?.id ?? "");
		await addPerson(open, { name: `Anna Late N${turn}` });
		turn += 1;
		cursor = page.next;
	} while (cursor !== undefined);

	expect(names).toHaveLength(40);
	expect(new Set(names).size).toBe(40);
});

test.each(["x", "word-0-x", "class-99-", "newest-0-../../x", "all-0-word", "class--"])(
	"%s is no cursor",
	async (cursor) => {
		const open = openAccounts();
		await addPerson(open, { name: "Ada" });
		await expect(open.search.page(EVERYBODY, BRANDS, cursor)).rejects.toThrow(TypeError);
	},
);

test("a cursor leads nowhere in a list of another kind", async () => {
	const open = openAccounts();
	await addPeople(open, 60);
	const { next } = await open.search.page({ ...EVERYBODY, linked: true }, BRANDS);
	expect(next).toMatch(/^class-\d+-/);
	await expect(open.search.page(EVERYBODY, BRANDS, next)).rejects.toThrow(TypeError);
	await expect(open.search.page({ ...EVERYBODY, words: "ada" }, BRANDS, next)).rejects.toThrow(
		TypeError,
	);
});

test("jobs read the users of a brand by status and ways to log in", async () => {
	const open = openAccounts();
	await addPeople(open, 60);
	const names: string[] = [];
	let cursor: string | undefined;
	do {
		const page = await open.search.ofClasses(
			"acorn",
			["active", "incomplete"],
			["link"],
			cursor,
			4,
		);
		expect(page.accounts.length).toBeLessThanOrEqual(4);
		names.push(...page.accounts.map(({ name }) => name));
		cursor = page.next;
	} while (cursor !== undefined);
	const wanted = range(60).filter(
		(index) => index % 3 !== 0 && index % 7 !== 0 && index % 2 === 0 && index % 5 !== 0,
	);
	expect(names.sort()).toEqual(wanted.map((index) => `Person ${index}`).sort());
});

describe("whether everybody can be found", () => {
	test("a helpdesk of this version is ready, with and without people", async () => {
		expect(await openAccounts().search.state()).toEqual({ isReady: true });
		const open = openAccounts();
		await addPeople(open, 5);
		expect(await open.search.state()).toEqual({ isReady: true });
	});

	test("one with people of an earlier version waits for the job, lists them, and finds those who are in the index", async () => {
		const open = openAccounts();
		const { id } = await addPerson(open, { name: "Old One", email: "old@example.com" });
		await changeAsBefore(
			open,
			id,
			({ createdAt: _, links: __, indexed: ___, ...stored }) => stored,
		);
		await addPerson(open, { name: "New One" });

		expect(await open.search.state()).toEqual({ isReady: false });
		expect((await namesOf(open, {})).sort()).toEqual(["New One", "Old One"]);
		expect(await namesOf(open, { words: "old@example.com" })).toEqual(["Old One"]);
		expect(await namesOf(open, { words: "new" })).toEqual(["New One"]);
	});
});
