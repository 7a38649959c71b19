// A list stays below its prefix, whatever a caller passes as its cursor, on every engine and in a namespace of it.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { HostStorage, StorageKey } from "../../src/contract/storage.ts";
import { namespaced } from "../../src/storage/namespaced-storage.ts";
import { encodeKey } from "../../src/storage/storage-key.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { describeEachEngine } from "../kit/storage/each-engine.ts";
import { anyText, LIMIT_MS, options } from "./any-text.ts";

const PARTS = ["a", "ab", "A", "b", "a/", "%", "%2F", "\u0000", "0", "~", "\uffff", "\u{1f388}"];
const PREFIXES: readonly StorageKey[] = PARTS.flatMap((part) => [[part], ["a", part], [part, "b"]]);
const KEYS = PREFIXES.flatMap((prefix) =>
	["1", "2", "/", "\u{10ffff}"].map((end) => [...prefix, end]),
);
const TEXTS = KEYS.map(encodeKey);

const part = fc.oneof(fc.constantFrom(...PARTS), anyText);
const prefix = fc.oneof(
	fc.constantFrom<StorageKey>(...PREFIXES, []),
	fc.array(part, { maxLength: 3 }),
);
const cut = fc
	.tuple(fc.constantFrom(...TEXTS), fc.nat({ max: 12 }), anyText)
	.map(([text, length, end]) => text.slice(0, length) + end);
const cursor = fc.oneof(
	fc.constantFrom(...TEXTS),
	fc.constantFrom(...TEXTS).map((text) => `ours/${text}`),
	fc.constantFrom("base ", "new ", "ours/", "ours0", "\u{10ffff}".repeat(129)),
	cut,
	anyText,
);
const limit = fc.oneof(
	fc.integer({ min: 1, max: 2000 }),
	fc.constantFrom(1, 5),
	fc.integer(),
	fc.double(),
);

/** A prefix of an entry, and a cursor that is mostly of the list of this prefix. */
const fitting = fc
	.tuple(fc.constantFrom(...KEYS), fc.nat({ max: 2 }), anyText)
	.map(([key, length, end]): [StorageKey, string] => [
		key.slice(0, length),
		`ours/${encodeKey(key)}${end === "" || end.length > 3 ? "" : end}`,
	]);
const list = fc.oneof(fc.tuple(prefix, cursor), fitting);

function isBelow(key: StorageKey, above: StorageKey): boolean {
	return key.length > above.length && above.every((each, index) => key[index] === each);
}

/** Lists once. Anything but a page below the prefix or a TypeError fails the test. */
async function expectBelow(
	storage: HostStorage,
	above: StorageKey,
	asked: { readonly cursor: string; readonly limit: number },
): Promise<void> {
	const page = await storage.list(above, asked).catch((error: unknown) => {
		expect(error).toBeInstanceOf(TypeError);
		return undefined;
	});
	if (page === undefined) {
		return;
	}
	expect(Number.isInteger(asked.limit)).toBe(true);
	expect(page.entries.length).toBeLessThanOrEqual(Math.min(1000, asked.limit));
	for (const { key, value } of page.entries) {
		expect(isBelow(key, above)).toBe(true);
		expect(value).toBe("ours");
	}
}

describeEachEngine((open, engine) => {
	test(
		`any cursor, prefix and limit of a list: ${engine}`,
		async () => {
			const whole = await open(new MockClock());
			const ours = namespaced(whole, ["ours"]);
			await ours.commit({ sets: KEYS.map((key) => ({ key, value: "ours" })) });
			for (const others of [["our"], ["ours2"], ["a"], ["~"]]) {
				const sets = KEYS.map((key) => ({ key: [...others, ...key], value: "theirs" }));
				await whole.commit({ sets });
			}
			const property = fc.asyncProperty(list, limit, async ([above, text], most) => {
				await expectBelow(ours, above, { cursor: text, limit: most });
				await expectBelow(whole, ["ours", ...above], { cursor: text, limit: most });
			});
			await fc.assert(property, options);
		},
		LIMIT_MS,
	);
});
