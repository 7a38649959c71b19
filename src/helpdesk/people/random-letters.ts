import type { Random } from "../../contract/random.ts";

/** A double click selects them as one word, and none looks like another. There are 32, so that the remainder is even. */
const LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";

/** A text that people can copy by hand, of five bits a letter. */
export function randomLetters(random: Random, count: number): string {
	const letters = Array.from(random.bytes(count), (byte) => LETTERS[byte % LETTERS.length]);
	return letters.join("");
}
