import { describe, expect, test } from "vitest";
import type { HostStorage, StorageKey } from "../../src/contract/storage.ts";
import { namespaced } from "../../src/storage/namespaced-storage.ts";
import { type OrderedStorage, placed } from "../../src/storage/ordered-storage.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { describeEachEngine } from "../kit/storage/each-engine.ts";

/** Parts after the prefix: starts of each other, and characters that a key's string escapes or sorts in a way of its own. */
const PARTS = [
	...["j", "jo", "joh", "john", "johnny", "joi", "J", "Joh"],
	...["%", "%2", "%25", "%2F", "%f", "100%", "_", "_a", "__", "a_b", "a%b"],
	...["/", "//", "/a", "a/", "a/b", "a", "a\u0000", "a\u0000b", "a0", "."],
	...["ä", "äb", "ae", "a\u0308", "ß", "ss", "ø"],
	...[
		"\u{1f388}",
		"\u{1f388}a",
		"\u{1f388}\u{1f389}",
		"\u{1f389}",
		"\ufffd",
		"\uffff",
		"\u{10ffff}",
	],
	"\u{10ffff}\u{10ffff}",
];
const TEXTS = [...PARTS, "k", "johnnyb", "%2f", "100", "~", "\u{10fffe}"];

async function listAll(
	storage: OrderedStorage,
	prefix: StorageKey,
	startsWith: string,
	limit: number,
): Promise<StorageKey[]> {
	const keys: StorageKey[] = [];
	let cursor: string | undefined;
	do {
		const options = { limit, startsWith, ...(cursor !== undefined && { cursor }) };
		const page = await storage.list(prefix, options);
		expect(page.entries.length).toBeLessThanOrEqual(limit);
		// Only the last page of our own storages may have room.
		expect(page.cursor === undefined || page.entries.length === limit).toBe(true);
		keys.push(...page.entries.map(({ key }) => key));
		cursor = page.cursor;
	} while (cursor !== undefined);
	return keys;
}

function suite(open: () => Promise<OrderedStorage>): void {
	async function filled(): Promise<OrderedStorage> {
		const storage = await open();
		const keys: StorageKey[] = PARTS.flatMap((part) => [
			["word", part],
			["word", part, "1"],
			["word", part, "jo"],
			["words", part, "1"],
			["wor", part],
			[part, "word", "1"],
		]);
		await storage.commit({ sets: [...keys, ["word"]].map((key) => ({ key, value: null })) });
		return storage;
	}

	/** What every list must give, by a plain comparison of parts. */
	const expected = (text: string): string[] =>
		PARTS.filter((part) => part.startsWith(text))
			.flatMap((part) => [
				["word", part],
				["word", part, "1"],
				["word", part, "jo"],
			])
			.map((key) => JSON.stringify(key))
			.sort();

	test("a list finds the entries whose next part starts with a text, page by page", async () => {
		const storage = await filled();

		for (const text of TEXTS) {
			for (const limit of [2, 100]) {
				const keys = await listAll(storage, ["word"], text, limit);
				expect(keys.map((key) => JSON.stringify(key)).sort(), text).toEqual(expected(text));
			}
		}
	});

	test("an empty text leaves nothing out", async () => {
		const storage = await filled();

		const keys = await listAll(storage, ["word"], "", 7);
		expect(keys.map((key) => JSON.stringify(key)).sort()).toEqual(expected(""));
	});

	test("a text without a prefix is about the first part", async () => {
		const storage = await filled();

		const keys = await listAll(storage, [], "wor", 50);
		expect(new Set(keys.map(([first]) => first))).toEqual(new Set(["wor", "word", "words"]));
		expect(keys).toHaveLength(PARTS.length * 5 + 1);
	});

	test("a part that is shorter than the text is left out, whatever follows it", async () => {
		const storage = await open();
		const keys = [
			["w", "jo", "hn"],
			["w", "jo"],
			["w", "joh"],
			["w", "john", "1"],
			["w", "jo/hn"],
		];
		await storage.commit({ sets: keys.map((key) => ({ key, value: null })) });

		expect(await listAll(storage, ["w"], "john", 10)).toEqual([["w", "john", "1"]]);
		expect(await listAll(storage, ["w"], "jo/", 10)).toEqual([["w", "jo/hn"]]);
	});

	test("a cursor of another text, or of the whole list, is refused where it leads out of the list", async () => {
		const storage = await filled();
		const cursorOf = async (startsWith: string): Promise<string> => {
			const { cursor } = await storage.list(["word"], { startsWith, limit: 1 });
			return cursor ?? expect.unreachable("the list has one page");
		};

		for (const [text, other] of [
			["jo", "a"],
			["joh", "joi"],
			["%", "a%"],
			["ä", "ae"],
		] as const) {
			const cursor = await cursorOf(other);
			const list = storage.list(["word"], { startsWith: text, cursor });
			await expect(list, text).rejects.toThrow(TypeError);
		}
	});

	test("a text that no part starts with is refused", async () => {
		const storage = await filled();

		for (const startsWith of ["\ud83c", "a\udf88", "x".repeat(513), 5 as never, null as never]) {
			await expect(storage.list(["word"], { startsWith })).rejects.toThrow(TypeError);
		}
	});

	test("expired and deleted entries are left out", async () => {
		const storage = await open();
		const sets = [
			{ key: ["w", "joa"], value: null, expiresAt: new MockClock().now() - 1 },
			{ key: ["w", "job"], value: null },
			{ key: ["w", "joc"], value: null },
		];
		await storage.commit({ sets });
		await storage.commit({ deletes: [["w", "job"]] });

		expect(await listAll(storage, ["w"], "jo", 1)).toEqual([["w", "joc"]]);
	});
}

describeEachEngine((open) => {
	suite(() => open(new MockClock()));
	describe("in a namespace", () => {
		suite(async () => {
			const whole = await open(new MockClock());
			const theirs = PARTS.map((part) => ({ key: ["wordless", part], value: "theirs" }));
			await whole.commit({ sets: [...theirs, { key: ["our", "word", "john"], value: "theirs" }] });
			return namespaced(whole, ["ours", "%"]);
		});
	});

	test("a namespace of a storage that does not know the option leaves the others out", async () => {
		const whole = await open(new MockClock());
		const plain: HostStorage = {
			get: (key) => whole.get(key),
			take: (key) => whole.take(key),
			commit: (commit) => whole.commit(commit),
			list: (prefix, { limit = 100, cursor } = {}) =>
				whole.list(prefix, { limit, ...(cursor !== undefined && { cursor }) }),
		};
		const ours = namespaced(plain, ["ours"]);
		const sets = ["a", "jo", "joh", "john", "z"].map((part) => ({ key: ["w", part], value: 1 }));
		await ours.commit({ sets });

		const { entries } = await ours.list(["w"], { startsWith: "joh" });
		expect(entries.map(({ key }) => key)).toEqual([
			["w", "joh"],
			["w", "john"],
		]);
	});

	test("a commit of a namespace, placed, is a commit of the storage around it", async () => {
		const whole = await open(new MockClock());
		const ours = namespaced(whole, ["people", "x"]);
		await ours.commit({ sets: ["old", "kept"].map((key) => ({ key: [key], value: 1 })) });
		const version = (await ours.get(["kept"]))?.version ?? null;

		const commit = {
			checks: [
				{ key: ["kept"], version },
				{ key: ["new"], version: null },
			],
			sets: [{ key: ["new"], value: 2, expiresAt: Number.MAX_SAFE_INTEGER }],
			deletes: [["old"]],
		};
		const around = placed(["people", "x"], commit);
		expect(around).toMatchObject({
			checks: [{ key: ["people", "x", "kept"], version }, { key: ["people", "x", "new"] }],
			sets: [{ key: ["people", "x", "new"], value: 2, expiresAt: Number.MAX_SAFE_INTEGER }],
			deletes: [["people", "x", "old"]],
		});
		expect(await whole.commit(around)).toBe(true);
		expect((await ours.list([])).entries.map(({ key }) => key)).toEqual([["kept"], ["new"]]);
		expect(await whole.commit(placed(["people", "x"], commit))).toBe(false);
		expect(() => placed(["people"], { deletes: [[]] })).toThrow(TypeError);
	});
});
