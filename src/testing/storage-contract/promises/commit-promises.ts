import assert from "node:assert/strict";
import type { StorageCommit, StorageValue } from "../../../contract/storage.ts";
import { listAll, type StoragePromises } from "../storage-promise.ts";

const CYCLE: unknown[] = [];
CYCLE.push(CYCLE);

/** What no StorageValue is, though JSON would drop or change some of it without a word. */
const NO_JSON: readonly unknown[] = [
	...[undefined, Number.NaN, Number.POSITIVE_INFINITY, 1n, Symbol("a"), () => 1],
	...[new Date(0), new Map(), new Uint8Array(1), /a/, new String("a"), Promise.resolve(1)],
	...[[undefined], new Array(2), { a: undefined }, { a: { b: [() => 1] } }, { toJSON: () => 1 }],
	...[CYCLE, new Array(2 ** 31), deep(101)],
];
const NO_EXPIRY: readonly unknown[] = [
	...[null, Number.NaN, Number.POSITIVE_INFINITY, "1", "", {}, new Date(0), 1n, true, [1]],
];
const NO_VERSIONS: readonly unknown[] = [undefined, 1, 0, true, ["a"], {}, new String("a")];

/** Arrays inside each other. */
function deep(levels: number): StorageValue {
	return levels === 0 ? 0 : [deep(levels - 1)];
}

/** Commits that are no `StorageCommit`. What is valid in them must not be written. */
function invalidCommits(version: string): readonly unknown[] {
	const [first, last] = [
		{ key: ["first"], value: 1 },
		{ key: ["last"], value: 1 },
	];
	const sets = [first];
	const deletes = [["a"]];
	const many = Array.from({ length: 10_001 }, () => ["a"]);
	return [
		...NO_JSON.map((value) => ({ sets: [first, { key: ["bad"], value }, last], deletes })),
		...NO_EXPIRY.map((expiresAt) => ({
			sets: [first, { key: ["bad"], value: 1, expiresAt }, last],
			deletes,
		})),
		...NO_VERSIONS.map((each) => ({ checks: [{ key: ["a"], version: each }], sets, deletes })),
		...[undefined, null, {}, "first"].map((bad) => ({ sets: [first, bad, last], deletes })),
		...[undefined, null, "a", [""], [1]].map((bad) => ({ sets, deletes: [["a"], bad] })),
		...[null, {}, "first", 1].map((bad) => ({ sets: bad, deletes })),
		{ deletes: many },
		{ checks: many.slice(1).map((key) => ({ key, version })), sets, deletes },
	];
}

export const COMMIT_PROMISES: StoragePromises = {
	"A commit is applied as a whole if every check passes, or else not at all": async ({
		storage,
	}) => {
		await storage.commit({ sets: [{ key: ["a"], value: 1 }] });
		const version = (await storage.get(["a"]))?.version ?? "";
		const sets = [{ key: ["c"], value: 1 }];
		const deletes = [["a"]];

		const stale = [
			{ key: ["a"], version },
			{ key: ["b"], version: "none" },
		];
		assert.equal(await storage.commit({ checks: stale, sets, deletes }), false);
		assert.equal(await storage.commit({ checks: [{ key: ["a"], version: null }], sets }), false);
		assert.equal((await listAll(storage, [])).length, 1);

		const right = [
			{ key: ["a"], version },
			{ key: ["b"], version: null },
		];
		assert.equal(await storage.commit({ checks: right, sets, deletes }), true);
		assert.deepEqual(await listAll(storage, []), [["c"]]);
	},

	"A commit can be empty or only check": async ({ storage }) => {
		assert.equal(await storage.commit({}), true);
		assert.equal(await storage.commit({ checks: [{ key: ["a"], version: null }] }), true);
		assert.equal(await storage.commit({ checks: [{ key: ["a"], version: "none" }] }), false);
	},

	"A rejected commit writes nothing": async ({ storage }) => {
		const sets = [
			{ key: ["a"], value: 1 },
			{ key: [""], value: 1 },
		];
		await assert.rejects(storage.commit({ sets }));

		assert.equal(await storage.get(["a"]), undefined);
	},

	"A commit that the contract does not allow is a TypeError and writes nothing": async ({
		storage,
	}) => {
		await storage.commit({ sets: [{ key: ["a"], value: deep(100) }] });
		const before = await storage.get(["a"]);

		for (const [index, commit] of invalidCommits(before?.version ?? "").entries()) {
			await assert.rejects(
				storage.commit(commit as StorageCommit),
				{ name: "TypeError" },
				`commit ${index}`,
			);
		}

		assert.deepEqual(await listAll(storage, []), [["a"]]);
		assert.deepEqual((await storage.get(["a"]))?.value, before?.value);
	},

	"No entry has a version that no write gave it": async ({ storage }) => {
		await storage.commit({ sets: [{ key: ["a"], value: 1 }] });
		for (const key of [["a"], ["b"]]) {
			for (const version of ["", " ", "-", "\0", "none", "null", "NaN", "0"]) {
				assert.equal(await storage.commit({ checks: [{ key, version }] }), false, version);
			}
		}
	},

	"One of 200 simultaneous takes gets the entry": async ({ storage }) => {
		await storage.commit({ sets: [{ key: ["a"], value: "won" }] });
		const taken = await Promise.all(Array.from({ length: 200 }, () => storage.take(["a"])));

		assert.deepEqual(
			taken.filter((entry) => entry !== undefined).map(({ value }) => value),
			["won"],
		);
		assert.equal(await storage.get(["a"]), undefined);
	},

	"One of 200 simultaneous commits on one version succeeds": async ({ storage }) => {
		const key = ["a"];
		await storage.commit({ sets: [{ key, value: -1 }] });
		const version = (await storage.get(key))?.version ?? "";
		const commits = Array.from({ length: 200 }, (_, value) =>
			storage.commit({ checks: [{ key, version }], sets: [{ key, value }] }),
		);
		const passed = (await Promise.all(commits)).flatMap((done, index) => (done ? [index] : []));

		assert.equal(passed.length, 1);
		assert.equal((await storage.get(key))?.value, passed[0]);
	},

	"One of 200 simultaneous commits creates the key": async ({ storage }) => {
		const key = ["a"];
		const commits = Array.from({ length: 200 }, (_, value) =>
			storage.commit({
				checks: [{ key, version: null }],
				sets: [
					{ key, value },
					{ key: ["b", String(value)], value },
				],
			}),
		);
		const passed = (await Promise.all(commits)).flatMap((done, index) => (done ? [index] : []));

		assert.equal(passed.length, 1);
		assert.equal((await storage.get(key))?.value, passed[0]);
		assert.deepEqual(await listAll(storage, ["b"]), [["b", String(passed[0])]]);
	},

	"A take and a commit never both get an entry": async ({ storage }) => {
		const key = ["a"];
		for (let round = 0; round < 25; round += 1) {
			await storage.commit({ sets: [{ key, value: "old" }] });
			const version = (await storage.get(key))?.version ?? "";
			const change = { checks: [{ key, version }], sets: [{ key, value: "new" }] };
			const [taken, changed] = await Promise.all(
				round % 2 === 0
					? [storage.take(key), storage.commit(change)]
					: [storage.commit(change), storage.take(key)].reverse(),
			);

			assert.deepEqual(taken, changed === true ? { ...Object(taken), value: "new" } : taken);
		}
	},

	"Two commits that exclude each other do not both succeed": async ({ storage }) => {
		for (let round = 0; round < 25; round += 1) {
			const [one, two] = [
				["one", String(round)],
				["two", String(round)],
			];
			const passed = await Promise.all([
				storage.commit({ checks: [{ key: one, version: null }], sets: [{ key: two, value: 1 }] }),
				storage.commit({ checks: [{ key: two, version: null }], sets: [{ key: one, value: 1 }] }),
			]);

			assert.equal(passed.filter(Boolean).length, 1);
		}
	},

	"Commits that name the same keys in different orders do not block each other": async ({
		storage,
	}) => {
		const keys = Array.from({ length: 10 }, (_, index) => ["k", String(index)]);
		const commits = Array.from({ length: 200 }, (_, value) => {
			const start = value % keys.length;
			const turned = [...keys.slice(start), ...keys.slice(0, start)];
			const ordered = value % 2 === 0 ? turned : turned.reverse();
			const [first, ...others] = ordered;
			return storage.commit({
				sets: others.map((key) => ({ key, value })),
				deletes: first === undefined ? [] : [first],
			});
		});

		assert.ok((await Promise.all(commits)).every(Boolean));
		const values = new Set((await storage.list(["k"])).entries.map(({ value }) => value));
		assert.equal(values.size, 1, "the last commit was not applied as a whole");
		assert.equal((await storage.list(["k"])).entries.length, keys.length - 1);
	},

	"Simultaneous counting loses no count": async ({ storage }) => {
		const key = ["counter"];
		const count = async (): Promise<void> => {
			let done = false;
			while (!done) {
				const entry = await storage.get(key);
				done = await storage.commit({
					checks: [{ key, version: entry?.version ?? null }],
					sets: [{ key, value: Number(entry?.value ?? 0) + 1 }],
				});
			}
		};
		await Promise.all(Array.from({ length: 20 }, count));

		assert.equal((await storage.get(key))?.value, 20);
	},

	"A commit of a thousand entries is applied as a whole beside other commits": async ({
		storage,
	}) => {
		const keys = Array.from({ length: 1000 }, (_, index) => ["many", String(index)]);
		const writes = Array.from({ length: 6 }, (_, value) =>
			storage.commit({ sets: keys.map((key) => ({ key, value })) }),
		);
		const others = keys.slice(0, 50).map((key) => storage.commit({ sets: [{ key, value: 9 }] }));

		assert.ok((await Promise.all([...writes, ...others])).every(Boolean));
		const { entries } = await storage.list(["many"], { limit: 1000 });
		assert.equal(entries.length, keys.length);
		const values = new Set(entries.map(({ value }) => value).filter((value) => value !== 9));
		assert.equal(values.size, 1);
	},
};
