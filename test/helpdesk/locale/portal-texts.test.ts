// The texts of portals and their letters are complete in each language, and differ in words alone.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
	isIcuMessage,
	readIcuMessage,
	textsOfMessage,
	writtenChoices,
} from "../../../src/artifact/load/icu-message.ts";
import { PORTAL_LANGUAGES } from "../../../src/helpdesk/locale/portal-locale.ts";

const FOLDER = new URL("../../../src/helpdesk/locale/portal/", import.meta.url);
const texts = (tag: string): Readonly<Record<string, string>> =>
	JSON.parse(readFileSync(new URL(`${tag}.json`, FOLDER), "utf8"));
const ENGLISH = texts("en");
const LANGUAGES = [...PORTAL_LANGUAGES.keys()];

/** What a text is given, and how it chooses between its forms. */
function shapeOf(text: string): readonly string[] {
	if (isIcuMessage(text)) {
		const message = readIcuMessage(text);
		return [...message.names.map((name) => `{${name}}`), writtenChoices(message)];
	}
	return [...new Set(text.match(/\{\w+\}/g))].sort();
}

test("each language of portals has a file, and each file a language", () => {
	const files = readdirSync(FOLDER).map((name) => name.replace(/\.json$/, ""));

	expect(files.sort()).toEqual([...LANGUAGES].sort());
});

test.each(LANGUAGES)(
	"%s has each text, with the same placeholders and the plural forms of the language",
	(tag) => {
		const own = texts(tag);
		const categories = new Set(
			Array.from({ length: 201 }, (_, count) => new Intl.PluralRules(tag).select(count)),
		);

		expect(Object.keys(own)).toEqual(Object.keys(ENGLISH));
		for (const [key, text] of Object.entries(own)) {
			expect([key, shapeOf(text)]).toEqual([key, shapeOf(ENGLISH[key] ?? "")]);
			// Markup comes from pages, and a straight apostrophe would quote a brace.
			expect([key, text]).toEqual([
				key,
				expect.not.stringMatching(tag === "en" ? /[<>]/ : /[<>']/),
			]);
			if (isIcuMessage(text)) {
				const [choice] = readIcuMessage(text).choices;
				expect([key, [...categories].filter((form) => !choice?.forms.has(form))]).toEqual([
					key,
					[],
				]);
				expect(textsOfMessage(readIcuMessage(text), [...categories]).size).toBeGreaterThan(1);
			}
		}
	},
);
