import { isMadeOfRuns } from "./character-runs.ts";

/** The shortest password that a user may choose, in characters (OWASP ASVS 5.0, 6.2.1). */
export const MIN_PASSWORD = 8;
/** More than the 64 characters that ASVS 6.2.9 asks for. A longer password is refused, never cut. */
export const MAX_PASSWORD = 256;

/** A shorter text is found in many passwords by chance. */
const MIN_KNOWN = 3;
const MIN_PART = 4;
/** The letters that a password needs besides what strangers know. */
const MIN_OWN_LETTERS = 4;
const MIN_DIFFERENT = 4;
/** A year, or 123. More digits are more than a habit. */
const FINAL_DIGITS = /[0-9]{0,4}$/;

/** Characters that show nothing. Nobody who guesses a password is stopped by them. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cc}\u2800]+/gu;

/**
 * Why a password is refused. `repeated`: it is a few characters, or a short text, again and again; `common`: many people
 * have it, or one like it; `known`: it is what strangers know of its owner.
 */
export type PasswordProblem = "short" | "long" | "repeated" | "common" | "known";

/** What a password is checked against. */
export interface PasswordSurroundings {
	/** Texts that strangers know: the owner's address, names and handles, and the name of the brand. */
	readonly known: readonly string[];
	/** The passwords that many people have, in lower case. */
	readonly common: ReadonlySet<string>;
	/** The shortest password, in characters. */
	readonly min?: number;
}

/**
 * Whether a person may choose a password. The rule applies where a password is set, not where it is checked, so that
 * existing passwords keep working. Which kinds of characters it has does not matter (ASVS 6.2.5).
 *
 * @param password as it was typed. It is compared after NFKC, by which it is also hashed, without regard to case, and
 * without characters that show nothing.
 * @returns the first problem; undefined for a good password.
 */
export function problemWithPassword(
	password: string,
	{ known, common, min = MIN_PASSWORD }: PasswordSurroundings,
): PasswordProblem | undefined {
	const { length } = [...password.normalize("NFKC")];
	if (length < min) {
		return "short";
	}
	if (length > MAX_PASSWORD) {
		return "long";
	}
	const compared = comparedText(password);
	if (isRepeated(compared)) {
		return "repeated";
	}
	if (isKnown(compared, known)) {
		return "known";
	}
	return isCommon(compared, common) ? "common" : undefined;
}

function comparedText(text: string): string {
	return text.replace(INVISIBLE, "").normalize("NFKC").toLowerCase();
}

function isCommon(compared: string, common: ReadonlySet<string>): boolean {
	const bare = withoutEdges(compared);
	if ([compared, compared.trim(), bare].some((each) => common.has(each) || isMadeOfRuns(each))) {
		return true;
	}
	// Numbers are not taken apart: many that nobody uses begin with one that is common.
	return withoutFinalDigits(bare).some(
		(stem) => isMadeOfRuns(stem) || (common.has(stem) && /\p{L}/u.test(stem)),
	);
}

/** What is before the last digits. `Password2024` is the next guess after `password`, as `hallo1232024` is after `hallo123`. */
function withoutFinalDigits(bare: string): readonly string[] {
	const [digits = ""] = FINAL_DIGITS.exec(bare) ?? [];
	return Array.from(digits, (_, index) => withoutEdges(bare.slice(0, -1 - index)));
}

/** `Password1!` is the same guess as `password1`. */
function withoutEdges(text: string): string {
	const characters = [...text];
	const isEdge = (character: string): boolean => !/[\p{L}\p{N}]/u.test(character);
	const start = characters.findIndex((character) => !isEdge(character));
	const end = characters.findLastIndex((character) => !isEdge(character));
	return characters.slice(Math.max(start, 0), end + 1).join("");
}

function lettersAndDigits(text: string): string {
	return text.replace(/[^\p{L}\p{M}\p{N}]+/gu, "");
}

function isRepeated(text: string): boolean {
	const characters = [...text];
	if (new Set(characters).size < MIN_DIFFERENT) {
		return true;
	}
	const longest = Math.min(MIN_PASSWORD - 1, Math.floor(characters.length / 2));
	return Array.from({ length: longest }, (_, index) => index + 1).some((size) =>
		characters.every((character, index) => character === characters[index % size]),
	);
}

/** Whether so little is left of a password without these texts and without digits that a stranger can guess it. */
function isKnown(compared: string, known: readonly string[]): boolean {
	const whole = lettersAndDigits(compared);
	const own = partsOf(known).reduce((rest, part) => rest.replaceAll(part, " "), whole);
	return own !== whole && own.replace(/[\p{N}\s]+/gu, "").length < MIN_OWN_LETTERS;
}

/** The texts, the local parts of addresses, and the words that they are made of, the longest first. */
function partsOf(known: readonly string[]): readonly string[] {
	const texts = known.map(comparedText);
	const locals = texts.flatMap((text) => text.split("@").slice(0, -1));
	const words = [...texts, ...locals].flatMap((text) => text.split(/[^\p{L}\p{M}\p{N}]+/u));
	const parts = [
		...[...texts, ...locals].map(lettersAndDigits).filter(({ length }) => length >= MIN_KNOWN),
		...words.filter(({ length }) => length >= MIN_PART),
	];
	return [...new Set(parts)].sort((a, b) => b.length - a.length);
}
