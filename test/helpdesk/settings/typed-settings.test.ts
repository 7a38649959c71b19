import { expect, test } from "vitest";
import type { SettingSchema } from "../../../src/contract/settings-schema.ts";
import { readTypedSettings } from "../../../src/helpdesk/settings/typed-settings.ts";
import { saidInEnglish } from "../../kit/helpdesk/said-in-english.ts";

function read(text: string, setting: SettingSchema = { type: "string" }) {
	const schema = { properties: { word: setting } } as unknown as Parameters<
		typeof readTypedSettings
	>[0];
	const { values, problems } = readTypedSettings(schema, {
		text: () => text,
		removes: () => false,
	});
	return { value: values["word"], problem: saidInEnglish(problems.get("word")) };
}

test.each([
	["  word\r\n", "word"],
	["\u200B\uFEFF word \u00AD", "word"],
	["\u{E0001}word\u{E0001}", "word"],
	["two  words", "two  words"],
	["\u{1F511}", "\u{1F511}"],
	[" \u200B ", undefined],
	["", undefined],
])("spaces and invisible characters around %j go, those within stay", (typed, value) => {
	expect(read(typed)).toEqual({ value, problem: undefined });
});

test("16,000 blanks are refused before anything looks at them", () => {
	expect(read(`a${" ".repeat(16_000)}b`)).toEqual({
		value: undefined,
		problem: "This is longer than 10,000 characters. Copy it again, with nothing around it.",
	});
});

test("a text that is too long never meets a plugin's pattern, which may take for ever", () => {
	const slow = { type: "string", pattern: "^(a+)+$" } as const;

	expect(read(`${"a".repeat(10_000)}b`, slow).problem).toContain("longer than 10,000 characters");
});

test.each([
	["a loop in a loop", "^(a+)+$"],
	["a loop over two ways to read the same text", "^(a|aa)+$"],
	["a hundred loops in a row", `^${"a*".repeat(100)}$`],
	["many optional characters", `^${"(a?){50}".repeat(50)}$`],
])("a pattern with %s, which would take for ever, refuses the text", (_, pattern) => {
	const setting = { type: "string", pattern } as const;

	expect(read(`${"a".repeat(200)}b`, setting).problem).toContain("characters that do not belong");
	expect(read("a", setting)).toEqual({ value: "a", problem: undefined });
});

test("a pattern is found anywhere in the text and counts code points, as in JSON Schema", () => {
	expect(read("has a key", { type: "string", pattern: "key" }).value).toBe("has a key");
	expect(read("\u{1F511}", { type: "string", pattern: "^.$" }).value).toBe("\u{1F511}");
	expect(read("Key", { type: "string", pattern: "key" }).problem).toContain("do not belong");
});

test.each([
	["42", 42],
	["۴۲", 42],
	["-٤٢", -42],
	["४२", 42],
])("the integer %s is read in the digits of its script", (typed, value) => {
	expect(read(typed, { type: "integer" })).toEqual({ value, problem: undefined });
});

test.each(["4.2", "4e2", "0x2a", "۴٫۲", "four"])("%s is no integer", (typed) => {
	// What is refused stays in its field.
	const problem = "Enter a whole number.";
	expect(read(typed, { type: "integer" })).toEqual({ value: typed, problem });
	expect(read("۵", { type: "integer", minimum: 6 }).problem).toContain("6");
});

test("a text keeps the digits of its script", () => {
	expect(read("کد ۴۲").value).toBe("کد ۴۲");
});

test("a text of 10,000 characters is read", () => {
	const text = "a".repeat(10_000);

	expect(read(text)).toEqual({ value: text, problem: undefined });
});
