import fc from "fast-check";
import { expect, test } from "vitest";
import type { StorageKey } from "../../../src/contract/storage.ts";
import { indexKeys, indexPart, isIndexed } from "../../../src/helpdesk/people/account-index.ts";
import {
	accountKey,
	STORED_ACCOUNT,
	type StoredAccount,
} from "../../../src/helpdesk/people/stored-account.ts";
import { firstHintKey } from "../../../src/helpdesk/people/unproven-hints.ts";
import { readEntry } from "../../../src/storage/stored-value.ts";
import { A_PASSKEY } from "../../kit/helpdesk/a-passkey.ts";
import {
	addPerson,
	atX,
	type OpenAccounts,
	openAccounts,
} from "../../kit/helpdesk/open-accounts.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";

const PEOPLE = 40;

const OLD: StoredAccount = {
	...{ brandId: "acorn", name: "Ada", email: "ada@example.com", locale: "en", password: null },
	...{ phone: null, confirmed: true, unclaimed: false, status: "active", sessionEpoch: 0 },
	createdFor: null,
};

type Deed = (open: OpenAccounts, id: string, turn: number) => Promise<unknown>;

const DEEDS: readonly Deed[] = [
	(open, _, turn) => addPerson(open, { name: `Person ${turn}`, links: [atX(`h_${turn}`)] }),
	({ accounts }, _, turn) =>
		accounts.register(
			{ brandId: "harbor", name: `Reg ${turn}`, email: `reg${turn}@example.com`, locale: "en" },
			"hashed",
		),
	({ accounts }, _, turn) =>
		accounts.addFromTicket({
			...{ brandId: "acorn", name: "", email: `ticket${turn}@example.com`, locale: "en" },
		}),
	({ accounts }, id) => accounts.confirm(id),
	({ accounts }, id) => accounts.setPassword(id, "correct horse"),
	({ accounts }, id, turn) =>
		accounts.claim(id, { name: `Claimed ${turn}`, password: "hashed", isHolder: turn % 2 === 0 }),
	({ accounts }, id) => accounts.setStatus(id, "suspended"),
	({ accounts }, id) => accounts.setStatus(id, "active"),
	({ accounts }, id) => accounts.completeProfile(id, "+49 30 123456"),
	({ accounts }, id) => accounts.endSessions(id),
	async ({ accounts }, id, turn) => {
		const account = await accounts.find(id);
		return accounts.proveAddress(id, `proven${turn}@example.com`, account?.sessionEpoch ?? 0);
	},
	async ({ accounts: { records } }, id, turn) => {
		const links = turn % 3 === 0 ? [] : [atX(`again_${turn}`), atX("b")];
		return records.setLinks(id, links, await records.linksNote(id));
	},
	({ accounts: { records } }, id, turn) =>
		records.change(id, (stored) => ({ ...stored, passkeys: turn % 2 === 0 ? [A_PASSKEY] : [] })),
	({ accounts: { records } }, id) => records.noteLinks([id]),
	({ accounts }, id) => accounts.delete(id),
	({ counts }) => counts.fold(),
	async ({ clock }) => clock.advance(40_000),
	async ({ place }, id, turn) => {
		// An earlier version, on another node: it keeps fields that it does not know, and writes no key of the index.
		const entry = await place.get(accountKey(id));
		if (entry !== undefined && turn % 5 === 0) {
			const value = { ...readEntry(entry, STORED_ACCOUNT), sessionEpoch: turn };
			await place.commit({ sets: [{ key: accountKey(id), value }] });
		}
	},
];

async function keysBelow({ place }: OpenAccounts, ...kinds: string[]): Promise<readonly string[]> {
	const pages = await Promise.all(kinds.map((kind) => allEntries(place, [kind])));
	return textsOf(pages.flat().map(({ key }) => key));
}

function textsOf(keys: readonly StorageKey[]): readonly string[] {
	return keys.map((key) => key.join("/")).sort();
}

async function storedIn({ place }: OpenAccounts): Promise<readonly [string, StoredAccount][]> {
	const entries = await allEntries(place, accountKey());
	return entries.map((entry) => [String(entry.key.at(-1)), readEntry(entry, STORED_ACCOUNT)]);
}

test("after 1,000 random deeds the index is what the records say, and so are the hints of who is not proven", async () => {
	const deed = fc.tuple(fc.nat(DEEDS.length - 1), fc.nat(PEOPLE - 1));
	const property = fc.asyncProperty(
		fc.array(deed, { minLength: 1000, maxLength: 1000 }),
		async (deeds) => {
			const open = openAccounts();
			for (const [turn, [which, who]] of deeds.entries()) {
				const people = turn % 20 === 0 ? [] : await storedIn(open);
				const id = people[who % Math.max(people.length, 1)]?.[0] ?? "nobody";
				await DEEDS[which]?.(open, id, turn);
			}
			const stored = await storedIn(open);
			expect(stored.length).toBeGreaterThan(10);
			expect(await keysBelow(open, "word", "newest", "class")).toEqual(
				textsOf(stored.flatMap(([id, account]) => indexKeys(id, account))),
			);
			expect(await keysBelow(open, "unproven")).toEqual(
				textsOf(
					stored.flatMap(([id, account]) => (account.confirmed ? [] : [firstHintKey(id, account)])),
				),
			);
			expect(stored.filter(([id, account]) => !isIndexed(id, account))).toEqual([]);
			expect(open.reports).toEqual([]);
		},
	);
	await fc.assert(property, { numRuns: 2, endOnFailure: true });
});

test("a change that keeps the words, the status and the ways in writes no key of the index", async () => {
	const value = indexPart("ada", undefined, OLD).value ?? expect.fail("nothing stored");
	expect(indexPart("ada", value, { ...value, sessionEpoch: 1 })).toEqual({
		value: { ...value, sessionEpoch: 1 },
		sets: [],
		deletes: [],
	});
});

test("an account that an earlier version changed gets all its keys with the next change, and counts again", () => {
	const value = indexPart("ada", undefined, OLD).value ?? expect.fail("nothing stored");
	const renamed: StoredAccount = { ...value, name: "Countess" };

	const { sets, deletes } = indexPart("ada", renamed, { ...renamed, sessionEpoch: 1 });

	expect(textsOf(sets.map(({ key }) => key))).toEqual([
		"class/active/none/acorn/9007199254740991/ada",
		"count-due/ada",
		"newest/9007199254740991/ada",
		"word/ada/ada",
		"word/countess/ada",
		"word/example/ada",
	]);
	expect(deletes).toEqual([]);
});

test("the newest account comes first", () => {
	const newest = (createdAt: number) =>
		indexKeys("ada", { ...OLD, createdAt }).find(([kind]) => kind === "newest")?.[1] ?? "";
	expect([newest(2), newest(0), newest(1_800_000_000_000), newest(1)].toSorted()).toEqual([
		newest(1_800_000_000_000),
		newest(2),
		newest(1),
		newest(0),
	]);
});

test("a record with facts of another form is refused, and one without them is read", () => {
	expect(STORED_ACCOUNT.read(OLD)).toMatchObject({ name: "Ada" });
	for (const broken of [
		{ createdAt: "now" },
		{ links: [{ addOn: 1 }] },
		{ links: {} },
		{ indexed: 5 },
	]) {
		expect(STORED_ACCOUNT.read({ ...OLD, ...broken })).toBe(undefined);
	}
});
