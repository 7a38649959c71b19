import assert from "node:assert/strict";
import type { HostStorage, StorageKey } from "../../contract/storage.ts";
import type { MockClock } from "../mock-host/mock-clock.ts";

/** Promises of the storage contract by their titles. Each gets an empty storage. */
export type StoragePromises = Readonly<
	Record<
		string,
		(opened: { readonly storage: HostStorage; readonly clock: MockClock }) => Promise<void>
	>
>;

/** Parts of keys that are different, and that a careless engine would confuse. */
const ODD_PARTS = [
	..."ß ss İ i ı é e\u0301 \u200b \uffff \ufffd \u{1f388} \u{10ffff}".split(" "),
	..."a A ab a0 a/b a%2Fb %00 0 00 1 1e0 - + ( , * ? [a] {} \\ \" ' NULL null keys entry:a".split(
		" ",
	),
	...[
		"__proto__",
		" ",
		"a ",
		" a",
		"\n",
		"\r\n",
		"\u0000",
		"a\u0000",
		"x".repeat(480),
		"/".repeat(480),
	],
];

export const ODD_KEYS: readonly StorageKey[] = [
	...ODD_PARTS.map((part) => [part]),
	...[["a", "b"], ["a", "b", "c"], ["\u{10ffff}", "\u{10ffff}"], "%".repeat(480).split("")],
];

export async function listAll(
	storage: HostStorage,
	prefix: StorageKey,
	limit = 10,
): Promise<StorageKey[]> {
	const keys: StorageKey[] = [];
	let cursor: string | undefined;
	do {
		const page = await storage.list(prefix, cursor === undefined ? { limit } : { cursor, limit });
		assert.ok(page.entries.length <= limit, "a page is longer than its limit");
		keys.push(...page.entries.map(({ key }) => key));
		cursor = page.cursor;
	} while (cursor !== undefined);
	return keys;
}
