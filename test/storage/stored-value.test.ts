import { expect, test, vi } from "vitest";
import type { StorageEntry, StorageValue } from "../../src/contract/storage.ts";
import {
	fieldsOf,
	isTime,
	orUnreadable,
	readableEntries,
	readEntry,
	readFields,
	readOrReport,
	readText,
	type StoredKind,
	UnreadableValueError,
} from "../../src/storage/stored-value.ts";

const NAME: StoredKind<string> = { name: "people/name", read: readText };

function entry(value: StorageValue): StorageEntry {
	return { key: ["name", "ada@example.com"], value, version: "1" };
}

test("a value of the kind is read, and any other is refused without naming whose it is", () => {
	expect(readEntry(entry("Ada"), NAME)).toBe("Ada");
	const refused = () => readEntry(entry({ first: "Ada" }), NAME);
	expect(refused).toThrow(UnreadableValueError);
	expect(refused).toThrow(
		"a value under people/name cannot be read, and stays in the storage as it is",
	);
	expect(refused).not.toThrow("ada@example.com");
});

test("a refusal says why where the kind knows, and is reported where the reader can do without", async () => {
	const kind = { ...NAME, problemsWith: () => ["it is a number", "it is odd"] };
	const refused = new UnreadableValueError("people/name", 1, ["it is a number", "it is odd"]);
	expect(refused.message).toMatch(/as it is: it is a number; it is odd$/);
	const report = vi.fn();

	expect(readOrReport(entry(1), kind, report)).toBeUndefined();
	expect(readOrReport(entry("Ada"), kind, report)).toBe("Ada");
	expect(report.mock.calls).toEqual([[refused]]);
	expect(await orUnreadable(() => readEntry(entry(1), kind))).toEqual(refused);
	expect(await orUnreadable(() => readEntry(entry("Ada"), kind))).toBe("Ada");
	const away = new Error("the storage is away");
	await expect(orUnreadable(() => Promise.reject(away))).rejects.toBe(away);
});

test("a list has the values that can be read, and reports the others once", () => {
	const report = vi.fn();

	const read = readableEntries([entry(1), entry("Ada"), entry(null)], NAME, report);

	expect(read).toEqual([entry("Ada")]);
	expect(report.mock.calls).toEqual([
		["a list leaves out stored values", new UnreadableValueError("people/name", 2)],
	]);
	expect(String(report.mock.calls[0]?.[1])).toContain("2 values under people/name");
	readableEntries([entry("Ada")], NAME, report);
	expect(report).toHaveBeenCalledTimes(1);
});

test.each([null, true, 1, "text", ["a"]] as const)("%j has no fields", (value) => {
	expect(fieldsOf(value)).toEqual({});
	expect(readFields(value, readText)).toBeUndefined();
});

test("fields are read together or not at all", () => {
	expect(readFields({ a: "1", b: "2" }, readText)).toEqual({ a: "1", b: "2" });
	expect(readFields({ a: "1", b: 2 }, readText)).toBeUndefined();
	const hidden = JSON.parse('{ "__proto__": "1" }') as StorageValue;
	expect(Object.keys(readFields(hidden, readText) ?? {})).toEqual(["__proto__"]);
});

test.each([
	[0, true],
	[-8.64e15, true],
	[8.65e15, false],
	["0", false],
	[null, false],
] as const)("whether %j is a time: %j", (value, expected) => {
	expect(isTime(value)).toBe(expected);
	expect(Number.isNaN(new Date(Number(value)).getTime())).toBe(value === 8.65e15);
});
