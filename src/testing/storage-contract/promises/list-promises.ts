import assert from "node:assert/strict";
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
};
