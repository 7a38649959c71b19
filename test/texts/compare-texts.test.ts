import { expect, test } from "vitest";
import { compareTexts } from "./compare-texts.ts";

test.each([
	["a text that is missing", {}, ["a is missing"]],
	["a text that is not in English", { a: "Ja {n}", b: "Nein" }, ["b is not in English"]],
	["another placeholder", { a: "Ja {m}" }, ["a has {m}, and in English {n}"]],
	["an empty text", { a: "" }, ["a is empty", "a has , and in English {n}"]],
	["no placeholder", { a: "Ja" }, ["a has , and in English {n}"]],
	[
		"a tag that stands nowhere else",
		{ a: "<b>Ja</b> {n}" },
		["a has </b> <b> {n}, and in English {n}"],
	],
	["markup", { a: "Ja < {n}" }, ["a has <, > or a straight apostrophe"]],
	["an apostrophe that would quote", { a: "J'ai {n}" }, ["a has <, > or a straight apostrophe"]],
])("%s is found", (_, own, problems) => {
	expect(compareTexts("de", own, { a: "Yes {n}" })).toEqual(problems);
});

test("a plural form that the language has, and the text lacks, is found", () => {
	const english = { a: "{n, plural, one {# user} other {# users}}" };

	expect(compareTexts("de", { a: "{n, plural, one {# Konto} other {# Konten}}" }, english)).toEqual(
		[],
	);
	expect(compareTexts("pl", { a: "{n, plural, one {# konto} other {# konta}}" }, english)).toEqual([
		"a lacks the plural form n: many",
		"a lacks the plural form n: few",
	]);
	expect(compareTexts("de", { a: "{n} Konten" }, english)).toEqual([
		"a has {n}, and in English {n} n",
	]);
});

test.each([
	["the whole text", "Suspend this user", "Suspend this user"],
	[
		"a sentence of it",
		"Konto sperren. You can undo this at any time.",
		"Suspend it. You can undo this at any time.",
	],
	[
		"a form of it",
		"{n, plural, one {Ein Konto} other {you can undo this}}",
		"{n, plural, one {x} other {you can undo this}}",
	],
])("%s that is left in English is found", (_, own, english) => {
	expect(compareTexts("de", { a: own }, { a: english })).toEqual([`a is in English: ${own}`]);
});

test.each([
	[
		"names in quotation marks",
		"Wählen Sie „request email from users“.",
		"Choose “request email from users”.",
	],
	["a name with capitals", "Das Developer Agreement", "The Developer Agreement"],
	["an address", "Siehe https://x.com/a/b/c-d-e-f.", "See https://x.com/a/b/c-d-e-f."],
	["a value alone", "{name}", "{name}"],
	["a name that is the same everywhere", "OAuth 2.0", "OAuth 2.0"],
	["a word that is the same in the language", "Code", "Code"],
])("%s is no English that was left", (_, own, english) => {
	expect(compareTexts("de", { a: own }, { a: english })).toEqual([]);
});

test("a word that is the same in one language is English in another", () => {
	expect(compareTexts("pl", { a: "Code" }, { a: "Code" })).toEqual(["a is in English: Code"]);
});
