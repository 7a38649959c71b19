import type { Random } from "../../contract/random.ts";

/** No letter looks like another one or like a digit. There are 32, so that the remainder is even. */
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A code by which people name an entry: `7F3K-9QWD`. */
export function newTraceCode(random: Random): string {
	const letters = Array.from(random.bytes(8), (byte) => LETTERS[byte % LETTERS.length]).join("");
	return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}
