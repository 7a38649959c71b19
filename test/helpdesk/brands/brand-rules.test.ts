import { expect, test } from "vitest";
import {
	BrandError,
	brandFacts,
	isBrandId,
	isBrandUrl,
	MOST_BRANDS,
	RESERVED_ENDINGS,
	refuseTogether,
} from "../../../src/helpdesk/brands/brand-rules.ts";
import { LANGUAGES, localeFor } from "../../../src/helpdesk/locale/locale.ts";

const HELP = { id: "help", name: "Help Desk", url: "https://help.example.com" };

test.each(["acorn", "harbor", "a", "help-desk-2", `a${"b".repeat(31)}`])(
	"%s can be the id of a brand",
	(id) => {
		expect(isBrandId(id)).toBe(true);
	},
);

test.each([
	["empty", ""],
	["upper case", "Help"],
	["a digit first", "2help"],
	["too long", "a".repeat(33)],
	["a dot, which separates the parts of a cookie's name", "help.desk"],
	["a slash, which separates the parts of a path", "help/desk"],
	["the id for the settings of all brands", "*"],
	["a line break after it", "help\n"],
	["another script", "hеlp"],
	["a hyphen at the end", "help-"],
	["the ending of a device cookie", "help-device"],
	["the ending of a field on the page Social Login", "help-anyway"],
])("an id with %s is refused", (_, id) => {
	expect(isBrandId(id)).toBe(false);
	expect(() => brandFacts({ ...HELP, id })).toThrow(BrandError);
});

/** The endings that a sentence names after the hyphen that is allowed. Persian has a word for the hyphen. */
function endingsIn(sentence: string, tag: string): readonly string[] {
	return tag === "fa"
		? ["", ...(sentence.match(/[a-z]{2,}/g) ?? [])].map((word) => `-${word}`)
		: (sentence.match(/(?<!\w)-\w*/g) ?? []).slice(1);
}

test.each([...LANGUAGES.keys()])("a refused id says in %s each ending that no id has", (tag) => {
	const { text } = localeFor(undefined, tag);
	for (const sentence of [text("brand-rule.id", { id: "H" }), text("add-brand.id.unusable")]) {
		expect(endingsIn(sentence, tag)).toEqual(RESERVED_ENDINGS);
	}
});

test.each([
	"https://help.example.com",
	"https://help.example.com:8443",
	"http://127.0.0.1:8080",
	"http://localhost:8080",
	"http://[::1]:8080",
	"https://xn--hlfe-koa.example",
])("%s can be the address of a brand", (url) => {
	expect(isBrandUrl(url)).toBe(true);
});

test.each([
	"",
	"help.example.com",
	"http://help.example.com",
	"https://help.example.com/",
	"https://help.example.com/desk",
	"https://HELP.example.com",
	"https://help.example.com:443",
	"https://ada:word@help.example.com",
	"ftp://127.0.0.1",
	"javascript:alert(1)",
])("%j cannot be the address of a brand", (url) => {
	expect(isBrandUrl(url)).toBe(false);
	expect(() => brandFacts({ ...HELP, url })).toThrow("cannot be the address of the brand help");
});

test.each([
	["plain", "Help Desk", "Help Desk"],
	["with commas", "Smith, Jones & Co", "Smith, Jones & Co"],
	[
		"with characters that show nothing and turn text around",
		"\u202eHelp\u0007  Desk\u200b ",
		"Help Desk",
	],
])("a name %s is cleaned as names of people are", (_, name, shown) => {
	expect(brandFacts({ ...HELP, name }).name).toBe(shown);
});

test.each(["", "   ", "\u200b\u202e"])("the name %j shows nothing and is refused", (name) => {
	expect(() => brandFacts({ ...HELP, name })).toThrow("needs a name that can be seen");
});

test("a brand speaks English unless it says otherwise, and only a language", () => {
	expect(brandFacts(HELP).locale).toBe("en");
	expect(brandFacts({ ...HELP, locale: "de-at" }).locale).toBe("de-AT");
	expect(() => brandFacts({ ...HELP, locale: "German" })).not.toThrow();
	expect(() => brandFacts({ ...HELP, locale: "de_AT" })).toThrow("is not the language");
});

test("a time zone of the IANA database is taken, and other words are refused", () => {
	expect(brandFacts(HELP)).not.toHaveProperty("timeZone");
	for (const timeZone of ["Europe/Berlin", "Asia/Kolkata", "UTC"]) {
		expect(brandFacts({ ...HELP, timeZone })).toMatchObject({ timeZone });
	}
	for (const timeZone of ["Berlin", "", "Mars/Olympus"]) {
		expect(() => brandFacts({ ...HELP, timeZone })).toThrow("is not the time zone");
	}
});

test("brands that could be taken for each other do not stand together, and both are named", () => {
	const shop = { id: "shop", name: "Shop", url: "https://shop.example.com" };
	expect(() => refuseTogether([HELP, shop])).not.toThrow();
	for (const [other, why] of [
		[{ ...shop, id: "help" }, "Help Desk (help) and Shop (help) have the same id"],
		[{ ...shop, url: HELP.url }, "have the same address https://help.example.com"],
		[{ ...shop, name: "HELP DESK" }, "cannot be told apart by their names"],
		[{ ...shop, name: "Help" }, "cannot be told apart by their names"],
	] as const) {
		expect(() => refuseTogether([HELP, other])).toThrow(why);
	}
});

test("a helpdesk has at most 100 brands", () => {
	const brands = Array.from({ length: MOST_BRANDS }, (_, index) => ({
		id: `b${index}`,
		name: `Brand no. ${index}`,
		url: `https://b${index}.example.com`,
	}));
	expect(() => refuseTogether(brands)).not.toThrow();
	expect(() => refuseTogether([...brands, HELP])).toThrow("at most 100 brands");
});
