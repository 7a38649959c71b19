import { expect, test } from "vitest";
import type { HostStorage, StorageCommit, StorageKey } from "../../src/contract/storage.ts";
import { namespaced } from "../../src/storage/namespaced-storage.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { describeEachEngine } from "../kit/storage/each-engine.ts";

const SECRET = "the operator's password hash";
const THEIRS = { key: ["operators", "1"], value: SECRET };

describeEachEngine((open) => {
	async function opened() {
		const whole = await open(new MockClock());
		await whole.commit({ sets: [THEIRS] });
		const ours = namespaced(whole, ["add-on", "x"]);
		const before = (await whole.get(THEIRS.key))?.version;
		return {
			ours,
			whole,
			expectUntouched: async () => {
				expect(await whole.get(THEIRS.key)).toEqual({ ...THEIRS, version: before });
				const { entries } = await whole.list([]);
				for (const { key } of entries) {
					expect(key.length > 2 || key[0] === "operators", key.join(" ")).toBe(true);
				}
			},
		};
	}

	test("a commit whose lists have methods of their own writes nothing outside the namespace", async () => {
		const { ours, expectUntouched } = await opened();
		const key = THEIRS.key;
		const lists = {
			checks: [{ key, version: null }],
			sets: [{ key, value: "ours now" }],
			deletes: [key],
		};
		for (const [name, list] of Object.entries(lists)) {
			class Own extends Array<unknown> {
				override map = () => list as never;
				override [Symbol.iterator] = () => list[Symbol.iterator]() as never;
			}
			const own = [{ map: () => list }, Own.from(list.map(() => ({ key: ["a"], value: 1 })))];
			for (const replaced of own) {
				await ours.commit({ [name]: replaced } as StorageCommit).catch(() => undefined);
				await expectUntouched();
			}
		}
	});

	test("a key whose iterator gives no part, or other parts, reaches nothing outside the namespace", async () => {
		const { ours, whole, expectUntouched } = await opened();
		class Own extends Array<string> {
			override [Symbol.iterator] = (): ArrayIterator<string> => [][Symbol.iterator]();
		}
		const key = Own.from(["a"]) as StorageKey;
		await ours.commit({ sets: [{ key, value: 1 }] });

		await expectUntouched();
		expect((await whole.get(["add-on", "x", "a"]))?.value).toBe(1);
		expect((await ours.take(key))?.key).toEqual(["a"]);
	});

	test("a key that is changed after the call is the key of the call", async () => {
		const { ours, expectUntouched } = await opened();
		const key = ["a"];
		const writing = ours.commit({ sets: [{ key, value: 1 }] });
		key.splice(0, 1, "b", "c");
		await writing;
		const taking = ours.take(key.splice(0, 2, "a"));
		key.length = 0;

		expect(await taking).toBeUndefined();
		expect((await ours.get(["a"]))?.value).toBe(1);
		await expectUntouched();
	});

	test("a page has at most 1000 entries, whatever limit is asked for", async () => {
		const { ours } = await opened();
		const keys = Array.from({ length: 1005 }, (_, index) => ["many", `${index}`]);
		await ours.commit({ sets: keys.map((key) => ({ key, value: 1 })) });

		const { entries, cursor = "" } = await ours.list(["many"], { limit: Number.MAX_SAFE_INTEGER });
		expect(entries).toHaveLength(1000);
		expect((await ours.list(["many"], { cursor, limit: 1e9 })).entries).toHaveLength(5);
	});
});

/** Answers every question with an entry of somebody else. */
function lyingStorage(key: StorageKey): HostStorage {
	const entry = { key, value: SECRET, version: "1" };
	return {
		get: async () => entry,
		take: async () => entry,
		commit: async () => true,
		list: async () => ({ entries: [entry] }),
	};
}

test.each<[string, StorageKey]>([
	["outside the namespace", ["operators", "1"]],
	["of a namespace that begins alike", ["add-on", "xy", "a", "1"]],
	["above the namespace", ["add-on"]],
	["of the namespace itself", ["add-on", "x"]],
	["of the prefix itself", ["add-on", "x", "a"]],
	["of another prefix", ["add-on", "x", "ab", "1"]],
])("an entry %s is not returned, even if the engine gives it", async (_, key) => {
	const storage = namespaced(lyingStorage(key), ["add-on", "x"]);

	const calls = [storage.get(["b"]), storage.take(["b"]), storage.list(["a"])];
	for (const call of await Promise.allSettled(calls)) {
		expect(call).toMatchObject({
			status: "rejected",
			reason: { message: "the storage gave an entry that was not asked for" },
		});
	}
});
