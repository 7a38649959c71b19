import { expect, test } from "vitest";
import type { SettingSchema } from "../../../src/contract/settings-schema.ts";
import { readTypedSettings } from "../../../src/helpdesk/settings/typed-settings.ts";

function read(text: string, setting: SettingSchema = { type: "string" }) {
	const schema = { properties: { word: setting } } as unknown as Parameters<
		typeof readTypedSettings
	>[0];
	const { values, problems } = readTypedSettings(schema, {
		text: () => text,
		removes: () => false,
	});
	return { value: values["word"], problem: problems.get("word") };
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
		problem: "This is longer than 10000 characters. Copy it again, with nothing around it.",
	});
});

test("a text that is too long never meets a plugin's pattern, which may take for ever", () => {
	const slow = { type: "string", pattern: "^(a+)+$" } as const;

	expect(read(`${"a".repeat(10_000)}b`, slow).problem).toContain("longer than 10000 characters");
});

test("a text of 10,000 characters is read", () => {
	const text = "a".repeat(10_000);

	expect(read(text)).toEqual({ value: text, problem: undefined });
});
