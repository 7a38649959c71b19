import assert from "node:assert/strict";
import type { StorageKey, StorageValue } from "../../../contract/storage.ts";
import { namespaced } from "../../../storage/namespaced-storage.ts";
import { listAll, ODD_KEYS, type StoragePromises } from "../storage-promise.ts";

const ODD_VALUES: readonly StorageValue[] = [
	...[null, true, false, 0, -1.5, 1e308, 5e-324, Number.MAX_SAFE_INTEGER, "", [], {}],
	...[
		"\u0000",
		"\ud800",
		"\udfff\ud800",
		"\u{10ffff}\uffff",
		"\\u0000",
		"NULL",
		"{}",
		'"',
		"\\",
		"\n",
	],
	{ "": null, JSON: '{"a":1}', ["__proto__"]: [[], {}], "\u0000": "\u0000" },
	"\u{1f388}".repeat(250_000),
];

/** Keys with parts that turn into a string, and perhaps into another one the next time. */
const NO_STRINGS: readonly (readonly unknown[])[] = [
	...[1, null, undefined, true, ["a"], Buffer.from("a"), new String("a")].map((part) => [part]),
	[{ toString: () => "a", isWellFormed: () => true }],
	[Object.assign(Buffer.from("a"), { isWellFormed: () => true, toString: () => "b" })],
];

export const ENTRY_PROMISES: StoragePromises = {
	"get returns the value that was set, and nothing for a key that was not set": async ({
		storage,
	}) => {
		const value = { text: "ä\u{1f388}\u0000", list: [1, null, true], nested: { "": -0.5 } };
		assert.equal(await storage.commit({ sets: [{ key: ["a"], value }] }), true);

		assert.deepEqual((await storage.get(["a"]))?.value, value);
		assert.deepEqual((await storage.get(["a"]))?.key, ["a"]);
		assert.equal(await storage.get(["b"]), undefined);
	},

	"Every JSON value is stored unchanged, up to a megabyte": async ({ storage }) => {
		const sets = ODD_VALUES.map((value, index) => ({ key: ["a", String(index)], value }));
		await storage.commit({ sets });

		for (const { key, value } of sets) {
			assert.deepEqual((await storage.get(key))?.value, value);
		}
		assert.deepEqual((await storage.take(["a", "12"]))?.value, "\ud800");
		assert.equal((await storage.list(["a"])).entries.length, sets.length - 1);
	},

	"Changing a value after writing or reading it does not change the stored one": async ({
		storage,
	}) => {
		const value = { list: [1] };
		await storage.commit({ sets: [{ key: ["a"], value }] });
		value.list.push(2);
		const read = (await storage.get(["a"]))?.value as { list: number[] };
		read.list.push(3);

		assert.deepEqual((await storage.get(["a"]))?.value, { list: [1] });
	},

	"Different keys stay different, whatever characters they contain": async ({ storage }) => {
		await storage.commit({ sets: ODD_KEYS.map((key, value) => ({ key, value })) });

		for (const [index, key] of ODD_KEYS.entries()) {
			assert.equal((await storage.get(key))?.value, index, JSON.stringify(key));
		}
		const listed = await listAll(storage, []);
		assert.deepEqual(listed.map(String).sort(), ODD_KEYS.map(String).sort());
		for (const [index, key] of ODD_KEYS.entries()) {
			assert.equal((await storage.take(key))?.value, index, JSON.stringify(key));
		}
		assert.deepEqual(await listAll(storage, []), []);
	},

	"Keys that the contract does not allow are refused": async ({ storage }) => {
		const lone = ["\ud800", "a\udc00", "\udc00\ud800"];
		for (const key of [[], [""], ["a", ""], ["x".repeat(513)], ...lone.map((part) => [part])]) {
			await assert.rejects(storage.get(key), TypeError, JSON.stringify(key));
			await assert.rejects(storage.take(key), TypeError, JSON.stringify(key));
			await assert.rejects(storage.commit({ sets: [{ key, value: 1 }] }), TypeError);
			await assert.rejects(storage.commit({ deletes: [key] }), TypeError);
			await assert.rejects(storage.commit({ checks: [{ key, version: null }] }), TypeError);
			if (key.length > 0) {
				await assert.rejects(storage.list(key), TypeError, JSON.stringify(key));
			}
		}
		for (const key of NO_STRINGS as readonly StorageKey[]) {
			await assert.rejects(storage.get(key), TypeError);
			await assert.rejects(storage.take(key), TypeError);
			await assert.rejects(storage.commit({ sets: [{ key, value: 1 }] }), TypeError);
			await assert.rejects(storage.list(key), TypeError);
		}
	},

	"Every write gives its key a version that was never used before": async ({ storage }) => {
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

	"An entry lives until the instant of its expiry and not longer": async ({ storage, clock }) => {
		const key = ["a"];
		await storage.commit({ sets: [{ key, value: 1, expiresAt: clock.now() + 1000 }] });
		clock.advance(999);
		const living = await storage.get(key);
		assert.equal(living?.value, 1);
		assert.equal((await listAll(storage, [])).length, 1);
		clock.advance(1);

		assert.equal(await storage.get(key), undefined);
		assert.deepEqual(await listAll(storage, []), []);
		const checks = [{ key, version: living.version }];
		assert.equal(await storage.commit({ checks, sets: [{ key, value: 2 }] }), false);
		assert.equal(await storage.take(key), undefined);
		assert.equal(
			await storage.commit({ checks: [{ key, version: null }], sets: [{ key, value: 2 }] }),
			true,
		);
		assert.equal((await storage.get(key))?.value, 2);
	},

	"Entries expire by the host's clock only": async ({ storage, clock }) => {
		// The entry expired decades ago by the engine's own clock.
		clock.advance(-Date.UTC(1990, 0));
		const expiresAt = clock.now() + 1;
		await storage.commit({ sets: [{ key: ["a"], value: 1, expiresAt }] });
		for (let round = 0; round < 250; round += 1) {
			await storage.commit({ sets: [{ key: ["b"], value: round, expiresAt }] });
		}

		assert.equal((await storage.get(["a"]))?.value, 1);
		assert.equal((await listAll(storage, [])).length, 2);
	},

	"Setting an entry without an expiry removes its old expiry": async ({ storage, clock }) => {
		await storage.commit({ sets: [{ key: ["a"], value: 1, expiresAt: clock.now() + 1 }] });
		await storage.commit({ sets: [{ key: ["a"], value: 2 }] });
		clock.advance(10);

		assert.equal((await storage.get(["a"]))?.value, 2);
	},

	"Namespaces cannot reach each other": async ({ storage }) => {
		const one = namespaced(storage, ["one"]);
		const inside = namespaced(storage, ["one", "in"]);
		const others = [inside, namespaced(storage, ["on"]), namespaced(storage, ["two"])];
		const reaching = [["a"], ["..", "one", "a"], ["one", "a"], ["/one/a"], ["one/a"]];
		for (const other of others) {
			await other.commit({ sets: reaching.map((key) => ({ key, value: "theirs" })) });
		}
		await one.commit({ sets: [{ key: ["a"], value: "mine" }], deletes: reaching });

		assert.equal((await one.get(["a"]))?.value, "mine");
		for (const other of others) {
			assert.equal((await listAll(other, [])).length, reaching.length);
			assert.equal((await other.take(["a"]))?.value, "theirs");
		}
		await assert.rejects(one.get([]), TypeError);
	},
};
