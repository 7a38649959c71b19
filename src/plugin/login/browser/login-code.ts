import type { Random } from "../../../contract/random.ts";
import { isNumber, isRecord, isText, orAbsent } from "../../stored-value.ts";
import { CODE_LIFETIME_MS } from "../notices.ts";

/** The limits of {@link CodeLimits} keep one network at 100 guesses an hour: half of all codes take it 500,000 years. */
const DIGITS = 12;
const CODES = 10n ** 12n;
const MAX_GUESSES = 5;
/** The longest text that is read, in UTF-16 units, as the field allows. The letter's sentence with the code fits. */
const MAX_TYPED = 100;

/** A code that was sent, as its log-in stores it. */
export type StoredCode = {
	/** The hash of the code, see `codeHash` of the continuations. */
	readonly hash: string;
	readonly expiresAt: number;
	readonly guesses: number;
	/** Absent in the records of older versions, whose codes had six. */
	readonly digits?: number;
};

export const isStoredCode = isRecord<StoredCode>({
	hash: isText,
	expiresAt: isNumber,
	guesses: isNumber,
	digits: orAbsent(isNumber),
});

/** @returns twelve digits. The remainder is as good as even: 2^64 is 18 million times 10^12. */
export function randomCode(random: Random): string {
	const number = Buffer.from(random.bytes(8)).readBigUInt64BE() % CODES;
	return number.toString().padStart(DIGITS, "0");
}

/** The code as people read and copy it: `1234 5678 9012`. */
export function inGroups(code: string): string {
	return code.replace(/(....)(?=.)/g, "$1 ");
}

/**
 * Reads what a visitor typed or pasted: digits of any script, with anything between them, and words before them.
 *
 * @returns the digits in ASCII; fewer than twelve if there were not enough.
 */
export function readCode(typed: string): string {
	const digits = typed.slice(0, MAX_TYPED).match(/\p{Nd}/gu) ?? [];
	return digits.slice(-DIGITS).map(digitOf).join("");
}

/** Unicode has the digits of each script in one row from zero to nine (The Unicode Standard, section 4.6). */
function digitOf(digit: string): number {
	const own = digit.codePointAt(0) ?? 0;
	let zero = own;
	while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) {
		zero -= 1;
	}
	return (own - zero) % 10;
}

export function storedCode(hash: string, now: number): StoredCode {
	return { hash, expiresAt: now + CODE_LIFETIME_MS, guesses: 0, digits: DIGITS };
}

/** Tells whether a guess can still be right. Codes with six digits can be guessed, so they no longer count. */
export function isUsable(code: StoredCode | null, now: number): code is StoredCode {
	return code?.digits === DIGITS && code.guesses < MAX_GUESSES && now < code.expiresAt;
}
