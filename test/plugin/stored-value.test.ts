import { expect, test } from "vitest";
import type { PluginEvent } from "../../src/contract/events.ts";
import {
	isBoolean,
	isNumber,
	isOneOf,
	isRecord,
	isText,
	orAbsent,
	orNull,
	readStored,
	requireStored,
} from "../../src/plugin/stored-value.ts";

type Sample = {
	readonly text: string;
	readonly number: number;
	readonly flag: boolean;
	readonly stage: "first" | "second";
	readonly inner: { readonly text: string } | null;
	readonly added?: string | null;
};

const isSample = isRecord<Sample>({
	text: isText,
	number: isNumber,
	flag: isBoolean,
	stage: isOneOf("first", "second"),
	inner: orNull(isRecord<{ readonly text: string }>({ text: isText })),
	added: orAbsent(orNull(isText)),
});

const SAMPLE: Sample = { text: "a", number: 1, flag: true, stage: "first", inner: null };

test.each([
	SAMPLE,
	{ ...SAMPLE, inner: { text: "b" } },
	{ ...SAMPLE, added: null },
	{ ...SAMPLE, added: "c" },
	{ ...SAMPLE, ofALaterVersion: 1 },
])("fits: %j", (value) => {
	expect(isSample(value)).toBe(true);
});

test.each([
	null,
	undefined,
	"a",
	1,
	[],
	{},
	{ ...SAMPLE, text: null },
	{ ...SAMPLE, number: "1" },
	{ ...SAMPLE, flag: 0 },
	{ ...SAMPLE, stage: "third" },
	{ ...SAMPLE, inner: {} },
	{ ...SAMPLE, inner: undefined },
	{ ...SAMPLE, added: 1 },
])("%j does not fit", (value) => {
	expect(isSample(value)).toBe(false);
});

test("the report of a value that does not fit names only the kind of its key", () => {
	const events: PluginEvent[] = [];
	const host = { events: { emit: (event: PluginEvent) => events.push(event) } };
	const entry = { key: ["link", "brand", "x:1"], value: "canary" };

	expect(readStored(host, entry, isSample)).toBeUndefined();
	expect(() => requireStored(host, entry, isSample)).toThrow("cannot be read: link");

	expect(events.map(({ name, fields }) => ({ name, fields }))).toEqual([
		{ name: "storage.unreadable", fields: { kind: "link" } },
		{ name: "storage.unreadable", fields: { kind: "link" } },
	]);
	expect(JSON.stringify(events)).not.toMatch(/canary|x:1/);
});
