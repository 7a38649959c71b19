import { describe, expect, test } from "vitest";
import { displayName } from "../../src/contract/display-name.ts";

/** `می‌خواهم`, which reads as another word without the non-joiner. */
const PERSIAN = "می\u200cخواهم";
const FAMILY = "👨\u200d👩\u200d👧";
const ENGLAND = "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}";

test.each([
	["Ada Lovelace", "Ada Lovelace"],
	["  Ada\n\tLovelace ", "Ada Lovelace"],
	["Åsa 李 🎈", "Åsa 李 🎈"],
	["a\u202egnp.exe", "agnp.exe"],
	["a\u0000b\u007fc", "abc"],
	["\u200b\u2066\u2069", ""],
	["x".repeat(500), "x".repeat(80)],
	["_".repeat(80), "_".repeat(80)],
	["_".repeat(81), "_".repeat(80)],
	["ada_lovelace\n", "ada_lovelace"],
	["", ""],
])("%j becomes %j", (name, shown) => {
	expect(displayName(name)).toBe(shown);
});

test.each([
	["letters that nobody sees", "\u3164\u115f\uffa0\u034f", ""],
	["a letter that nobody sees between others", "Ad\u3164a", "Ada"],
	["a byte order mark and soft hyphens", "\ufeffA\u00ad\ufeffda", "Ada"],
	["half of a pair", "Ada\ud83d", "Ada"],
	["marks piled up over other lines", `Z${"\u0335".repeat(60)}oe`, `Z${"\u0335".repeat(4)}oe`],
	["marks piled up with joiners between", `ب${"\u0651\u200c".repeat(40)}`, "ب\u0651\u200c\u0651"],
	["marks that a script needs", "שָׁלוֹם", "שָׁלוֹם"],
	["marks before the first letter", "\u0301 \u0301Ada", "Ada"],
	["two spaces with nothing between them", "Ada \u200b Lovelace", "Ada Lovelace"],
	["blanks that are no white space", "Ada\u2800\u2800Lovelace", "Ada Lovelace"],
])("a name cannot hold %s", (_, name, shown) => {
	expect(displayName(name)).toBe(shown);
});

describe("no name is one of only", () => {
	test.each([
		["a Hangul filler", "\u3164"],
		["a half-width Hangul filler", "\uffa0"],
		["Hangul jamo fillers", "\u115f\u1160"],
		["a Braille blank", "\u2800 \u2800"],
		["a grapheme joiner", "\u034f"],
		["variation selectors", "\ufe0f\ufe0e\u{e0100}\u180b"],
		["zero-width characters and direction marks", "\u200b\u200c\u200d\u200e\u200f"],
		["invisible operators", "\u2060\u2061\u2062\u2063\u2064"],
		["a soft hyphen", "\u00ad"],
		["a Mongolian vowel separator", "\u180e"],
		["tags", "\u{e0001}\u{e0067}\u{e0062}\u{e007f}"],
		["isolates and overrides", "\u2066\u202e\u2069\u202c\u061c"],
		["Khmer inherent vowels", "\u17b4\u17b5"],
		["an object that is not there", "\ufffc"],
		["a note without a head", "\u{1d159}\u{1d173}"],
		["marks", "\u0301\u0335"],
		["private, unassigned and half characters", "\ue000\u{fffff}\ufdd0\ud800"],
		["all white space", "\t\n\u00a0\u1680\u2003\u2028\u202f\u205f\u3000\ufeff\u0085"],
	])("%s", (_, name) => {
		expect(displayName(name)).toBe("");
		expect(displayName(` ${name}${name} ${name}`)).toBe("");
	});
});

describe("joiners and selectors stay where they are needed:", () => {
	test.each([
		["in Persian", PERSIAN],
		["in Persian, as a plural and a compound", "کتاب\u200cهای ویرایش\u200cگر"],
		["in Urdu and Kurdish", "علی\u200cحیدر ده\u200cنووسم"],
		["in a Hindi conjunct, open and half", "क्\u200cष क्\u200dष"],
		["in Sinhala", "ශ්\u200dරී ලංකා"],
		["in Bengali, before the sign", "র\u200d্যাব"],
		["at the end of a word of Malayalam", "മോഹന്\u200d നന്\u200d"],
		["in a family", FAMILY],
		["in a couple of two skin tones", "👩🏻\u200d❤\ufe0f\u200d💋\u200d👨🏼"],
		["in the flag of a rainbow and of pirates", "🏳\ufe0f\u200d🌈 🏴\u200d☠\ufe0f"],
		["in a profession", "👩🏽\u200d🚀 👨\u200d⚕\ufe0f"],
		["in flags of regions", `${ENGLAND}🏴\u{e0075}\u{e0073}\u{e0074}\u{e0078}\u{e007f}`],
		["in the flag of a country", "🇩🇪🇫🇷"],
		["in keycaps", "1\ufe0f\u20e3#\ufe0f\u20e3*\ufe0f\u20e3"],
		["after a picture", "❤\ufe0f ☎\ufe0e ©\ufe0f"],
		["after an ideograph of a Japanese name", "葛\u{e0100}城 神\ufe00"],
	])("%s", (_, name) => {
		expect(displayName(name)).toBe(name);
		expect(displayName(`  Ada ${name} (${name})\u202e`)).toBe(`Ada ${name} (${name})`);
	});
});

test.each([
	["between Latin letters", "A\u200dd\u200ca", "Ada"],
	["at the ends", "\u200cخواهم\u200c", "خواهم"],
	["before a space", "می\u200c خواهم", "می خواهم"],
	["repeated", "می\u200c\u200c\u200d\u200cخواهم", PERSIAN],
	["after a picture and at a letter", "🙂\u200d\u200da", "🙂a"],
	["before a picture", "\u200d🙂", "🙂"],
	["a selector after a letter or a digit", "A\ufe0fd\ufe0e5\ufe0f", "Ad5"],
	["a second selector", "❤\ufe0f\ufe0f葛\u{e0100}\u{e0101}", "❤\ufe0f葛\u{e0100}"],
	["tags without their end", "🏴\u{e0067}\u{e0062}a", "🏴a"],
	["tags without a flag", "Ada\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}", "Ada"],
	["a text hidden in tags", `🏴${"\u{e0061}".repeat(30)}\u{e007f}`, "🏴"],
])("joiners and selectors go elsewhere: %s", (_, name, shown) => {
	expect(displayName(name)).toBe(shown);
});

test.each([
	["families", FAMILY.repeat(40), FAMILY.repeat(16)],
	["flags of countries", `a${"🇩🇪".repeat(60)}`, `a${"🇩🇪".repeat(39)}`],
	["flags of regions", ENGLAND.repeat(30), ENGLAND.repeat(11)],
	["letters with marks", "e\u0301\u0327".repeat(60), "e\u0301\u0327".repeat(26)],
	["Persian words", PERSIAN.repeat(30), PERSIAN.repeat(10)],
	["an endless chain of pictures", "👨\u200d".repeat(2_000), `${"👨\u200d".repeat(9)}👨`.repeat(4)],
])("the cap cuts nothing that people see as one character: %s", (_, name, shown) => {
	expect(displayName(name)).toBe(shown);
});
