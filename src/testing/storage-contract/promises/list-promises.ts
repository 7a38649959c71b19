import assert from "node:assert/strict";
import type { HostStorage, StorageKey } from "../../../contract/storage.ts";
import { listAll, ODD_KEYS, type StoragePromises } from "../storage-promise.ts";

export const LIST_PROMISES: StoragePromises = {
	"list returns every entry below a prefix once, page by page": async ({ storage }) => {
		const below = Array.from({ length: 25 }, (_, index) => ["a", `k${index}`]);
		const others = [["a"], ["ab"], ["ab", "c"], ["b", "a"]];
		const sets = [...below, ...others].map((key) => ({ key, value: 1 }));
		await storage.commit({ sets });

		for (const limit of [1, 7, 25, 100]) {
			const listed = await listAll(storage, ["a"], limit);
			assert.deepEqual(listed.map(String).sort(), below.map(String).sort(), `limit ${limit}`);
		}
	},

	"list returns nothing below an unknown prefix, and no entry below itself": async ({
		storage,
	}) => {
		await storage.commit({ sets: [{ key: ["a", "b"], value: 1 }] });

		assert.deepEqual(await listAll(storage, ["a", "b"]), []);
		assert.deepEqual(await listAll(storage, ["b"]), []);
	},

	"list finds the entries below a prefix, whatever characters it contains": async ({ storage }) => {
		const prefixes = ODD_KEYS.filter((key) => key.join("").length < 500);
		const ends = ["a", "\u0000", "\u{10ffff}", "/", " "];
		const sets = prefixes.flatMap((prefix) =>
			ends.map((end) => ({ key: ["p", ...prefix, "below", end], value: 1 })),
		);
		await storage.commit({ sets });

		for (const prefix of prefixes) {
			const listed = await listAll(storage, ["p", ...prefix, "below"]);
			assert.deepEqual(
				listed.map((key) => key.at(-1)).sort(),
				[...ends].sort(),
				JSON.stringify(prefix),
			);
		}
	},

	"list leaves out expired entries": async ({ storage, clock }) => {
		const sets = Array.from({ length: 40 }, (_, index) => ({
			key: ["a", String(index).padStart(2, "0")],
			value: index,
			...(index % 4 === 0 ? {} : { expiresAt: clock.now() + 1 }),
		}));
		await storage.commit({ sets });
		clock.advance(1);

		for (const limit of [1, 3, 10]) {
			assert.equal((await listAll(storage, ["a"], limit)).length, 10, `limit ${limit}`);
		}
	},

	"list returns lasting entries once while others write and delete": async ({ storage }) => {
		const steady = Array.from({ length: 60 }, (_, index) => ["a", `s${index}`]);
		await storage.commit({ sets: steady.map((key) => ({ key, value: 0 })) });
		let listing = true;
		const write = async (writer: number): Promise<void> => {
			for (let round = 0; listing; round += 1) {
				const key = ["a", `${writer % 2 === 0 ? "r" : "t"}${writer} ${round}`];
				const again = steady[(round * 7 + writer) % steady.length] ?? key;
				await storage.commit({ sets: [key, again].map((each) => ({ key: each, value: round })) });
				await storage.commit({ deletes: [key] });
			}
		};
		const look = async (): Promise<void> => {
			try {
				for (let round = 0; round < 5; round += 1) {
					const listed = (await listAll(storage, ["a"], 7)).map(String);
					const seen = listed.filter((key) => key.startsWith("a,s"));
					assert.deepEqual(seen.sort(), steady.map(String).sort());
				}
			} finally {
				listing = false;
			}
		};
		await Promise.all([...[0, 1, 2, 3].map(write), look()]);
	},

	"list continues after an entry that was deleted between two pages": async ({ storage }) => {
		const keys = ["a", "b", "c", "d"].map((end) => ["x", end]);
		await storage.commit({ sets: keys.map((key) => ({ key, value: 1 })) });
		const first = await storage.list(["x"], { limit: 2 });
		await storage.commit({ deletes: first.entries.map(({ key }) => key) });
		const second = await storage.list(["x"], { limit: 2, cursor: first.cursor ?? "" });

		const listed = [...first.entries, ...second.entries].map(({ key }) => String(key));
		assert.deepEqual(listed.sort(), keys.map(String));
	},

	"list never leaves its prefix, whatever cursor it gets": async ({ storage }) => {
		const ends = ["1", "2", "3", "4", "5", "6"];
		const prefixes = ["A", "a", "ab", "b", "\u{1f388}"];
		const sets = prefixes.flatMap((prefix) =>
			ends.map((end) => ({ key: [prefix, end], value: `of ${prefix}` })),
		);
		await storage.commit({ sets: [...sets, { key: ["a"], value: "above" }] });
		const others = prefixes.filter((prefix) => prefix !== "a");
		const strange = await Promise.all(others.map((prefix) => cursorIn(storage, [prefix])));
		assert.equal(new Set(strange).size, others.length);

		for (const cursor of [...strange, ...MADE_UP_CURSORS]) {
			await assert.rejects(
				storage.list(["a"], { cursor }),
				TypeError,
				`the list took the cursor ${JSON.stringify(cursor).slice(0, 80)}`,
			);
		}
		const cursor = await cursorIn(storage, ["a"]);
		const { entries } = await storage.list(["a"], { cursor });
		assert.deepEqual(entries.map(({ key }) => String(key)).sort(), ["a,5", "a,6"]);
	},

	"list takes only whole numbers above zero as its limit": async ({ storage }) => {
		await storage.commit({ sets: [{ key: ["a", "b"], value: 1 }] });

		const limits: readonly unknown[] = [0, -1, -2, -1e9, 0.5, Number.NaN, Infinity, -Infinity, "5"];
		for (const limit of limits as readonly number[]) {
			await assert.rejects(storage.list(["a"], { limit }), TypeError, `limit ${limit}`);
		}
		assert.equal((await storage.list(["a"], { limit: 1e9 })).entries.length, 1);
	},
};

/** Strings that are no key, or a key of somebody else, by the way in which an engine may store it. */
const MADE_UP_CURSORS: readonly string[] = [
	..."a a/ a// a/1 ab/ ab/1/ b/1/ A/1/ ../a/1/ / // 0 -1 1 1e9 ~ * % null undefined".split(" "),
	...[
		"",
		" ",
		"\0",
		"a/\0/",
		"\ud800",
		"a/\udfff/",
		"\u{10ffff}",
		"base ",
		"new",
		"base ab/1/",
		"new ab/1/",
	],
	...["a/%/", "a/%2f/", "a/1/ or 1=1", "x".repeat(1_000_000), `a/${"x".repeat(513)}/`],
];

/** The cursor after four entries of the list. */
async function cursorIn(storage: HostStorage, prefix: StorageKey): Promise<string> {
	const { cursor } = await storage.list(prefix, { limit: 4 });
	assert.ok(cursor !== undefined, "a page that is not the last one has no cursor");
	return cursor;
}
