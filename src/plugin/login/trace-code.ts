import type { Random } from "../../contract/random.ts";

// Crockford's base 32 has no letters that look alike, and makes no words.
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A code that a visitor can read out on the telephone: `7F3K-9QWD`, 40 random bits. */
export function traceCode(random: Random): string {
	let letters = "";
	for (const byte of random.bytes(8)) {
		letters += ALPHABET.charAt(byte % ALPHABET.length);
	}
	return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}
