// Gives the words of people any text: names, handles and addresses are what strangers chose.
import fc from "fast-check";
import { expect, test } from "vitest";
import { hasWords, typedWords, wordsOf } from "../../src/helpdesk/people/search-words.ts";
import { encodeKey } from "../../src/storage/storage-key.ts";
import { anyText, LIMIT_MS, options } from "./any-text.ts";

const PIECES = [
	...["a", "Z", "ß", "İ", "ς", "5", "½", "_", "@", ".", "-", " ", "\u0301", "\ud83d", "\u0000"],
	...["田", "か", "ー", "ก", "한", "م", "ﬁ", "Æ", "\u{1d400}", "👩", "/", "%"],
];
const text = fc.oneof(
	fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((pieces) => pieces.join("")),
	anyText,
	fc.string({ unit: "grapheme" }),
);
const person = fc.record({
	id: fc.uuid(),
	name: text,
	email: text,
	links: fc.array(
		text.map((label) => ({ addOn: "x-login", id: "x:1", label })),
		{ maxLength: 20 },
	),
});

test(
	"any person has at most 12 words that keys can hold, and is found by each of them",
	() => {
		const property = fc.property(person, (who) => {
			const words = wordsOf(who);
			expect(words.length).toBeLessThanOrEqual(12);
			expect(new Set(words).size).toBe(words.length);
			for (const word of words) {
				expect([...word].length).toBeLessThanOrEqual(32);
				expect(() => encodeKey(["accounts", "word", word, who.id])).not.toThrow();
				expect(words.filter((each) => each.startsWith(word))).toEqual([word]);
				expect(hasWords(who, [word])).toBe(true);
			}
		});
		fc.assert(property, options);
	},
	LIMIT_MS,
);

test(
	"a whole name finds its person, and so does the beginning of each of its words",
	() => {
		const property = fc.property(person, fc.integer({ min: 1, max: 32 }), (who, length) => {
			const typed = typedWords(who.name);
			const begun = typed.map((word) => [...word].slice(0, length).join(""));
			expect(hasWords(who, typed)).toBe(true);
			expect(hasWords(who, begun)).toBe(true);
		});
		fc.assert(property, options);
	},
	LIMIT_MS,
);
