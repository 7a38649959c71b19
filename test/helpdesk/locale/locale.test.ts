import fc from "fast-check";
import { expect, test } from "vitest";
import { languageTag, localeFor } from "../../../src/helpdesk/locale/locale.ts";

test("a message among the values of a message is said in the same language, and a name stays as it is", () => {
	const { say } = localeFor("de", "en");
	const link = { key: "connect.leave.link", values: { helpdesk: "Acorn Desk" } } as const;
	const whole = { key: "connect.leave.title", values: { helpdesk: link } } as const;

	expect(say(whole)).toBe(say({ ...whole, values: { helpdesk: say(link) } }));
	expect(say(whole)).not.toContain(localeFor("en", "en").say(link));
	expect(say("Acorn Desk")).toBe("Acorn Desk");
});

test.each([
	["the higher weight wins, wherever it stands", "de;q=0.1, en;q=0.9", "en"],
	["the first of equal weights wins", "de, en", "de"],
	["no weight counts as the highest", "en;q=0.9, de", "de"],
	["spaces and case of a weight do not matter", "de ; Q=0.1 , en ; q=0.9", "en"],
	["a region stays in the tag", "de-AT, en;q=0.5", "de-AT"],
	["a script and a region stay in the tag", "fi, de-Latn-CH;q=0.5", "de-Latn-CH"],
	["capitals do not matter", "DE-at", "de-at"],
	["a language that the portal lacks is passed over", "fi, de;q=0.2", "de"],
	["weight 0 refuses a language", "de;q=0, en;q=0.1", "en"],
	["weight 0 refuses a language that * would give", "en;q=0, *", "cs"],
	["weight 0 alone gives the brand's language", "de;q=0", "en"],
	["* gives the brand's language", "*", "en"],
	["* gives the brand's language after one that the portal lacks", "fi, *;q=0.1", "en"],
	["* gives a language that the header does not name", "en;q=0.1, *;q=0.5", "cs"],
	["no header", undefined, "en"],
	["an empty header", "", "en"],
	["commas alone", ",,,", "en"],
	["a weight without a language", ";q=1, de", "de"],
	["a tag that would end an attribute", 'de"><script>, de;q=0.1', "de"],
	["a tag with an underscore", "de_DE", "de-DE"],
	["a prefix that is not a language of the portal", "den, deu", "en"],
	["a weight that is not a number", "de;q=high", "de"],
	["an unclosed quotation mark", 'de;q="0.5, en', "de"],
	["a name of Object.prototype", "constructor, __proto__, de", "de"],
	["a singleton at the end", "en-x", "en"],
	["a subtag that is too short", "en-1", "en"],
	["a private use that says nothing", "de-x", "de"],
	["two regions", "en-419-GB", "en-419"],
	["a region of three letters", "en-USA", "en"],
	["a script and two regions", "de-Latn-CH-AT, en;q=0.1", "de-Latn-CH"],
	["an extension and a private use", "de-AT-u-ca-buddhist-x-a", "de-AT"],
	["a variant twice", "de-1901-1901", "de"],
	["a letter that is no ASCII", "de-ÄT", "de"],
	["a refused language before a wanted one", "en;q=0, de", "de"],
	["a refused language alone", "en;q=0", "cs"],
	["a refused language and one that the portal lacks", "fi, en;q=0.000", "cs"],
	["two languages refused", "en;q=0, de;q=0", "cs"],
	["a language that is Norwegian by another name", "no-NO, de;q=0.5", "nb-NO"],
	["Brazilian Portuguese", "pt-BR, pt;q=0.5", "pt-BR"],
	["Portuguese of another country", "pt-AO", "pt-AO"],
	["Serbian, which is in Latin script here", "sr-RS", "sr-Latn-RS"],
	["Serbian in Cyrillic", "sr-Cyrl, de;q=0.5", "sr-Latn"],
	["everything refused", "*;q=0", "en"],
	["a wildcard with the higher weight after a language", "de;q=0.2, *;q=0.1", "de"],
])("%s", (_, header, tag) => {
	expect(localeFor(header, "en").tag).toBe(tag);
});

test("what stands after 512 characters is not read, nor the half of a language", () => {
	expect(localeFor(`${"fi,".repeat(200)}de`, "en").tag).toBe("en");
	expect(localeFor(`${"fi,".repeat(169)}de;q=0, en`, "de").tag).toBe("de");
	expect(localeFor(`${"x".repeat(509)},de;q=0.1,en`, "en").tag).toBe("en");
	expect(localeFor("en-x-".repeat(1640), "de").tag).toBe("en");
});

test("Intl takes each tag, whatever the browser sends", () => {
	const letters = ["de", "en", "-", "-", "x", "1", "a", "419", "Latn", "_", ";q=", ",", "*", "é"];
	const texts = fc.array(fc.constantFrom(...letters), { maxLength: 12 });
	fc.assert(
		fc.property(
			fc.oneof(
				texts.map((parts) => parts.join("")),
				fc.string(),
			),
			(header) => {
				const { tag } = localeFor(header, "en");
				expect(() => new Intl.DateTimeFormat(tag)).not.toThrow();
			},
		),
	);
});

test("a text that begins with no language is no tag", () => {
	expect(["", "x", "_de", "français", "deutsch", "-de"].map(languageTag)).toEqual(
		Array(6).fill(undefined),
	);
	expect(languageTag("pt-BR-x-old")).toBe("pt-BR");
});

test("texts are those of the language, and a brand's own language needs no header", () => {
	expect(localeFor("de-AT", "en").text("nav.login")).toBe("Anmelden");
	expect(localeFor("de;q=0.1, en;q=0.9", "de").text("nav.login")).toBe("Log in");
	expect(localeFor(undefined, "de-CH")).toMatchObject({ tag: "de-CH" });
	expect(localeFor("*", "de").tag).toBe("de");
	expect(localeFor("fi", "fi")).toMatchObject({ tag: "en" });
});
