// The texts of a helpdesk are complete in each language, and differ in words alone.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
	isIcuMessage,
	readIcuMessage,
	textsOfMessage,
	writtenChoices,
} from "../../../src/artifact/load/icu-message.ts";
import { LANGUAGES } from "../../../src/helpdesk/locale/locale.ts";

const FOLDER = new URL("../../../src/helpdesk/locale/texts/", import.meta.url);
const texts = (room: string, tag: string): Readonly<Record<string, string>> =>
	JSON.parse(readFileSync(new URL(`${room}/${tag}.json`, FOLDER), "utf8"));
const ROOMS = readdirSync(FOLDER);
/** The rooms whose texts are English alone so far. */
const IN_ENGLISH = ROOMS.filter((room) => room.startsWith("admin-"));
const FILES = ROOMS.flatMap((room) =>
	(IN_ENGLISH.includes(room) ? ["en"] : [...LANGUAGES.keys()]).map((tag) => ({ room, tag })),
);

/** What a text is given, how it chooses between its forms, and what stands around parts of it. */
function shapeOf(text: string): readonly string[] {
	const tags = (text.match(/<\/?\w+>/g) ?? []).sort();
	if (isIcuMessage(text)) {
		const message = readIcuMessage(text);
		const each = [...new Set(tags)];
		return [...message.names.map((name) => `{${name}}`), writtenChoices(message), ...each];
	}
	return [...new Set(text.match(/\{\w+\}/g)), ...tags].sort();
}

test("each room of texts has a file for each language, and each file a language", () => {
	const files = ROOMS.flatMap((room) =>
		readdirSync(new URL(`${room}/`, FOLDER)).map((name) => `${room}/${name}`),
	);

	expect(files.sort()).toEqual(FILES.map(({ room, tag }) => `${room}/${tag}.json`).sort());
});

test.each(FILES)(
	"$room in $tag has each text, with the same placeholders and the plural forms of the language",
	({ room, tag }) => {
		const own = texts(room, tag);
		const english = texts(room, "en");
		const categories = new Set(
			Array.from({ length: 201 }, (_, count) => new Intl.PluralRules(tag).select(count)),
		);

		expect(Object.keys(own)).toEqual(Object.keys(english));
		for (const [key, text] of Object.entries(own)) {
			expect([key, shapeOf(text)]).toEqual([key, shapeOf(english[key] ?? "")]);
			// Markup comes from pages, and a straight apostrophe would quote a brace.
			expect([key, text.replace(/<\/?\w+>/g, "")]).toEqual([
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
