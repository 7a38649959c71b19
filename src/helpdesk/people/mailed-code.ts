import type { Random } from "../../contract/random.ts";
import { asciiDigits } from "../ascii-digits.ts";

/** So many that nobody guesses one, at any rate that the limits of those who use it allow. */
const DIGITS = 12;
/** The longest text that is read, in UTF-16 units. The sentence of a letter with its code fits. */
export const MAX_TYPED_CODE = 100;

/** @returns twelve digits. The remainder is as good as even: 2^64 is 18 million times 10^12. */
export function randomCode(random: Random): string {
	const number = Buffer.from(random.bytes(8)).readBigUInt64BE() % 10n ** BigInt(DIGITS);
	return number.toString().padStart(DIGITS, "0");
}

/** The code as people read and copy it: `1234 5678 9012`. */
export function inGroups(code: string): string {
	return code.replace(/(....)(?=.)/g, "$1 ");
}

/**
 * Reads a code as a person types or pastes it: digits of any script, with anything between them, and words before them.
 *
 * @returns the digits in ASCII; fewer than twelve if there were not enough.
 */
export function readCode(typed: string): string {
	return asciiDigits(typed.slice(0, MAX_TYPED_CODE)).replace(/\D/g, "").slice(-DIGITS);
}
