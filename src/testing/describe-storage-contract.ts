import assert from "node:assert/strict";
import type { Clock } from "../contract/clock.ts";
import type { HostStorage, StorageKey } from "../contract/storage.ts";
import { MockClock } from "./mock-host/mock-clock.ts";

export interface StorageUnderTest {
	readonly name: string;
	/** Opens an empty storage that tells the time by this clock. */
	open(clock: Clock): Promise<{ readonly storage: HostStorage; close(): Promise<void> | void }>;
	/** The test runner's own, of Vitest, Jest or node:test. */
	describe(name: string, suite: () => void): void;
	test(name: string, run: () => Promise<void>): void;
}

interface Opened {
	readonly storage: HostStorage;
	readonly clock: MockClock;
}

/** Every promise of the port `HostStorage` as a test, for whoever writes one. */
export function describeStorageContract({ name, open, describe, test }: StorageUnderTest): void {
	const promise = (sentence: string, run: (opened: Opened) => Promise<void>): void =>
		test(sentence, async () => {
			const clock = new MockClock();
			const { storage, close } = await open(clock);
			try {
				await run({ storage, clock });
			} finally {
				await close();
			}
		});
	describe(`${name} keeps the storage contract`, () => {
		for (const [sentence, run] of Object.entries(PROMISES)) {
			promise(sentence, run);
		}
	});
}

const PROMISES: Readonly<Record<string, (opened: Opened) => Promise<void>>> = {
	"gives back what was set, and nothing for what was not": async ({ storage }) => {
		const value = { text: "ä\u{1f388}\u0000", list: [1, null, true], nested: { "": -0.5 } };
		assert.equal(await storage.commit({ sets: [{ key: ["a"], value }] }), true);

		assert.deepEqual((await storage.get(["a"]))?.value, value);
		assert.deepEqual((await storage.get(["a"]))?.key, ["a"]);
		assert.equal(await storage.get(["b"]), undefined);
	},

	"does not share what it stores with whoever set or read it": async ({ storage }) => {
		const value = { list: [1] };
		await storage.commit({ sets: [{ key: ["a"], value }] });
		value.list.push(2);
		const read = (await storage.get(["a"]))?.value as { list: number[] };
		read.list.push(3);

		assert.deepEqual((await storage.get(["a"]))?.value, { list: [1] });
	},

	"tells keys apart whatever is in them": async ({ storage }) => {
		const keys: StorageKey[] = [
			["a", "b"],
			["a/b"],
			["a%2Fb"],
			["ab"],
			["a"],
			["a", "b", "c"],
			["__proto__"],
			["\u0000"],
			["é"],
			["e\u0301"],
			["\u{1f388}"],
			["\uffff"],
			["A"],
			[" "],
		];
		await storage.commit({ sets: keys.map((key, value) => ({ key, value })) });

		for (const [index, key] of keys.entries()) {
			assert.equal((await storage.get(key))?.value, index, JSON.stringify(key));
		}
		assert.equal((await everything(storage, [])).length, keys.length);
	},

	"refuses keys that the contract does not allow": async ({ storage }) => {
		for (const key of [[], [""], ["a", ""], ["\ud800"], ["x".repeat(513)]]) {
			await assert.rejects(storage.get(key), TypeError, JSON.stringify(key));
			await assert.rejects(storage.commit({ sets: [{ key, value: 1 }] }), TypeError);
		}
	},

	"gives every write a new version, never used again for the key": async ({ storage }) => {
		const key = ["a"];
		const versions = new Set<string | undefined>();
		for (let round = 0; round < 20; round += 1) {
			await storage.commit({ sets: [{ key, value: 1 }] });
			versions.add((await storage.get(key))?.version);
			if (round % 2 === 0) {
				await storage.commit({ deletes: [key] });
			}
		}

		assert.equal(versions.size, 20);
		assert.equal(versions.has(undefined), false);
	},

	"commits only when every check fits, and then all of it": async ({ storage }) => {
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
		assert.equal((await everything(storage, [])).length, 1);

		const right = [
			{ key: ["a"], version },
			{ key: ["b"], version: null },
		];
		assert.equal(await storage.commit({ checks: right, sets, deletes }), true);
		assert.deepEqual(await everything(storage, []), [["c"]]);
	},

	"writes nothing of a commit that it rejects": async ({ storage }) => {
		const sets = [
			{ key: ["a"], value: 1 },
			{ key: [""], value: 1 },
		];
		await assert.rejects(storage.commit({ sets }));

		assert.equal(await storage.get(["a"]), undefined);
	},

	"lets an entry live until its instant of expiry, and not a moment longer": async ({
		storage,
		clock,
	}) => {
		const key = ["a"];
		await storage.commit({ sets: [{ key, value: 1, expiresAt: clock.now() + 1000 }] });
		clock.advance(999);
		assert.equal((await storage.get(key))?.value, 1);
		assert.equal((await everything(storage, [])).length, 1);
		clock.advance(1);

		assert.equal(await storage.get(key), undefined);
		assert.deepEqual(await everything(storage, []), []);
		assert.equal(await storage.take(key), undefined);
		assert.equal(
			await storage.commit({ checks: [{ key, version: null }], sets: [{ key, value: 2 }] }),
			true,
		);
		assert.equal((await storage.get(key))?.value, 2);
	},

	"forgets the expiry of an entry that is set again without one": async ({ storage, clock }) => {
		await storage.commit({ sets: [{ key: ["a"], value: 1, expiresAt: clock.now() + 1 }] });
		await storage.commit({ sets: [{ key: ["a"], value: 2 }] });
		clock.advance(10);

		assert.equal((await storage.get(["a"]))?.value, 2);
	},

	"gives an entry to exactly one of 200 who take it": async ({ storage }) => {
		await storage.commit({ sets: [{ key: ["a"], value: "won" }] });
		const taken = await Promise.all(Array.from({ length: 200 }, () => storage.take(["a"])));

		assert.deepEqual(
			taken.filter((entry) => entry !== undefined).map(({ value }) => value),
			["won"],
		);
		assert.equal(await storage.get(["a"]), undefined);
	},

	"lets exactly one of 200 commits on one version through": async ({ storage }) => {
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

	"lists what is below a prefix, page by page, each entry once": async ({ storage }) => {
		const below = Array.from({ length: 25 }, (_, index) => ["a", `k${index}`]);
		const others = [["a"], ["ab"], ["ab", "c"], ["b", "a"]];
		const sets = [...below, ...others].map((key) => ({ key, value: 1 }));
		await storage.commit({ sets });

		for (const limit of [1, 7, 25, 100]) {
			const listed = await everything(storage, ["a"], limit);
			assert.deepEqual(listed.map(String).sort(), below.map(String).sort(), `limit ${limit}`);
		}
	},
};

async function everything(
	storage: HostStorage,
	prefix: StorageKey,
	limit = 10,
): Promise<StorageKey[]> {
	const keys: StorageKey[] = [];
	let cursor: string | undefined;
	do {
		const page = await storage.list(prefix, cursor === undefined ? { limit } : { cursor, limit });
		assert.ok(page.entries.length <= limit, "a page is no longer than its limit");
		keys.push(...page.entries.map(({ key }) => key));
		cursor = page.cursor;
	} while (cursor !== undefined);
	return keys;
}
