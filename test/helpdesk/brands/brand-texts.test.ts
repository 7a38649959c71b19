import { expect, test } from "vitest";
import {
	cleanText,
	filledText,
	framedLetter,
	MOST_TEXT,
	textProblem,
	textsIn,
} from "../../../src/helpdesk/brands/brand-texts.ts";
import { saidInEnglish } from "../../kit/helpdesk/said-in-english.ts";

const BRAND = { name: "Acorn {address} <b>", baseUrl: "https://help.example.com" };

test("placeholders stand for the name and the address, and what they stand for is not filled again", () => {
	expect(filledText("{brand}: {address}, {brand}", BRAND)).toBe(
		"Acorn {address} <b>: https://help.example.com, Acorn {address} <b>",
	);
});

test.each([
	["{name}", "Hello {name}", "{name} stands for nothing here"],
	["empty braces", "{}", "{} stands for nothing here"],
	["capitals", "{BRAND}", "{BRAND} stands for nothing here"],
	["a character too many", "a".repeat(MOST_TEXT + 1), `longer than ${MOST_TEXT} characters`],
])("a text with %s is refused", (_, text, why) => {
	expect(saidInEnglish(textProblem(text))).toContain(why);
});

// Braces that are open, or span lines, are no placeholder.
test.each([
	["no text", ""],
	["known placeholders", "{brand} {address}"],
	["open braces", "a } or { b"],
	["braces over lines", "{ \n }"],
	["as many characters as there may be", "😀".repeat(MOST_TEXT)],
])("a text with %s is taken", (_, text) => {
	expect(textProblem(text)).toBeUndefined();
});

test("a text is kept without what nobody sees: controls, turned directions and rows of empty lines", () => {
	expect(cleanText(" Hello\t\u202Eyou\u0000\r\n\r\n\n\n  there  \n")).toBe("Hello you\n\n  there");
});

test("a letter has the words of the brand around its own, and its own stay as they are", () => {
	const texts = { opening: "Hello from {brand},", signature: "{address}" };
	const brand = { ...BRAND, name: "Acorn" };
	expect(framedLetter(["Your {brand} code", "1234"], brand, texts)).toBe(
		"Hello from Acorn,\n\nYour {brand} code\n\n1234\n\nhttps://help.example.com",
	);
	expect(framedLetter(["One", "Two"], BRAND, undefined)).toBe("One\n\nTwo");
});

test("texts are found by the language of a tag", () => {
	const german = { language: "de", logIn: "Hallo", opening: "", signature: "" };
	expect(textsIn([german], "de-AT")).toBe(german);
	expect(textsIn([german], "en")).toBeUndefined();
});
