import { createHash } from "node:crypto";
import type { Random } from "../../../contract/random.ts";
import { asciiDigits } from "../../ascii-digits.ts";
import { randomLetters } from "../random-letters.ts";

const CODES = 10;
/** 120 bits. From 112 on, a plain hash of a code is as good as a slow one (ASVS 6.5.2). */
const LETTERS = 24;
/** The longest text that is read as a code, in UTF-16 units. */
const MAX_TYPED = 100;

/** Makes the codes that stand in for an authenticator app. Each works once. */
export function newRecoveryCodes(random: Random): readonly string[] {
	return Array.from({ length: CODES }, () => randomLetters(random, LETTERS));
}

/**
 * What is stored of a recovery code.
 *
 * @param operatorId so that equal codes of two operators have different hashes.
 * @param typed upper case, spaces, dashes and the script of digits make no difference.
 */
export function hashOfRecoveryCode(operatorId: string, typed: string): string {
	const code = asciiDigits(typed.slice(0, MAX_TYPED).normalize("NFKC"))
		.toLowerCase()
		.replace(/[^a-z0-9]/g, "");
	return createHash("sha256").update(`recovery code ${operatorId} ${code}`).digest("base64url");
}
