import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hasWords, typedWords, wordsOf } from "../../../src/helpdesk/people/search-words.ts";
import { atX } from "../../kit/helpdesk/open-accounts.ts";

const ID = "3f2a9c1b-0000-4000-8000-000000000000";
const ADA = { id: ID, name: "Ada Lovelace", email: "ada@example.com", links: [atX("ada_l")] };

function named(name: string) {
	return { id: ID, name, email: "", links: [] };
}

test("a person has the words of the name, the handle, the address and the beginning of the id", () => {
	expect(wordsOf(ADA)).toEqual(["3f2a9c1b", "ada_l", "example", "lovelace"]);
});

test("a word that begins another one is left out, because the other one finds it", () => {
	expect(wordsOf(named("Anna Annabel Ann"))).toEqual(["3f2a9c1b", "annabel"]);
});

describe("a person is found by what people type for the name", () => {
	test.each([
		["Zoë Müller-Lüdenscheidt", "zoe mull lud"],
		["Zoe Muller", "ZOË MÜLLER"],
		["Weiß", "weiss"],
		["Weiss", "weiß"],
		["Łukasz Ægir Østergård", "lukasz aegir ostergard"],
		["Đorđe Œuvre", "djord".replace("j", "")],
		["İpek Işık", "ipek isik"],
		["ΟΔΥΣΣΕΥΣ", "οδυσσεύς"],
		["Οδυσσεύς Σ", "ΟΔΥΣΣΕΎΣ"],
		["Ｆｕｌｌ Ｗｉｄｔｈ", "full width"],
		["ﬁrst", "first"],
		["Nguyễn Thị Hạnh", "nguyen thi han"],
		["O'Neil", "o'neil"],
		["O'Neil", "neil"],
		["Александр Пушкин", "пушк алекс"],
		["محمد علي", "علي"],
		["नरेन्द्र मोदी", "मोदी"],
		["김철수", "김철"],
		["田中太郎", "太郎"],
		["田中太郎", "田中太郎"],
		["田中Taro", "taro"],
		["たなか　がく", "がく"],
		["สมชาย ใจดี", "ชาย"],
		["R2D2 42", "42 r2"],
	])("%s by %s", (name, typed) => {
		const person = named(name);
		expect(typedWords(typed)).not.toEqual([]);
		expect(hasWords(person, typedWords(typed))).toBe(true);
		for (const word of typedWords(typed)) {
			expect(wordsOf(person).some((each) => each.startsWith(word))).toBe(true);
		}
	});
});

test.each([
	["ada_l", true],
	["@ada_l", true],
	["l", true],
	["ada_x", false],
	["ada@example.com", true],
	["ada@exam", true],
	["example.com", true],
	["example.org", false],
	["3f2a", true],
	["3f2a9c1b-0000-4000-8000", true],
	["lovelace ada", true],
	["love ada example", true],
	["ovelace", false],
	["ada byron", false],
])("Ada Lovelace, ada@example.com, @ada_l and %s: %s", (typed, isFound) => {
	expect(hasWords(ADA, typedWords(typed))).toBe(isFound);
});

test("handles are found at each part, and without the underscores that they begin with", () => {
	const person = { ...named("x"), links: [atX("__the_real_ada_")] };
	expect(wordsOf(person)).toEqual(["3f2a9c1b", "ada_", "real_ada_", "the_real_ada_", "x"]);
	expect(hasWords(person, typedWords("__the_real"))).toBe(true);
});

test("a domain is found at each label, as people write it, and without its last label in the index", () => {
	const person = { ...named("x"), email: "post@my-shop.xn--bcher-kva.example" };
	expect(wordsOf(person)).toEqual(["3f2a9c1b", "bucher", "my", "post", "shop", "x"]);
	expect(hasWords(person, typedWords("shop.bücher.example"))).toBe(true);
});

test("there are at most 12 words of at most 32 characters, and some of each kind", () => {
	const name = Array.from({ length: 20 }, (_, index) => `${index}-name`).join(" ");
	const links = Array.from({ length: 20 }, (_, index) => atX(`h${index}x`));
	const words = wordsOf({ id: ID, name, email: `${"m".repeat(64)}@example.com`, links });
	expect(words).toHaveLength(12);
	expect(words).toEqual(expect.arrayContaining(["3f2a9c1b", "example", "h0x", "m".repeat(32)]));
	expect(typedWords("m".repeat(64))).toEqual(["m".repeat(32)]);
	expect(typedWords(name)).toHaveLength(12);
});

/** The same text in letters that are twice as wide. Only the tables of all scripts know them. */
function fullWidth(text: string): string {
	return text.replace(/[!-~]/g, (each) => String.fromCodePoint(each.charCodeAt(0) + 0xfee0));
}

test("a text in ASCII has the words of the same text in full-width letters", () => {
	const text = fc.string({ unit: fc.constantFrom(..."abcXYZ019___ .-@'"), maxLength: 80 });
	const property = fc.property(text, (typed) => {
		expect(wordsOf(named(typed))).toEqual(wordsOf(named(fullWidth(typed))));
		expect(typedWords(typed)).toEqual(typedWords(fullWidth(typed)));
	});
	fc.assert(property);
	expect(wordsOf(named("Ada_Lovelace __Q"))).toEqual(["3f2a9c1b", "ada_lovelace", "lovelace", "q"]);
});

test("a text without letters and digits has no words", () => {
	expect(typedWords(" _ @ ... 👩‍🚀 \u0301")).toEqual([]);
});
