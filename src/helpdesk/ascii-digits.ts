const DIGIT = /\p{Nd}/u;
const DIGITS = /\p{Nd}/gu;
const INTEGER = /^[+-]?[0-9]{1,20}$/;

/**
 * A text with the digits of all scripts as ASCII digits: `۱۲۳` and `١٢٣` are `123`. Keyboards type those of their language into
 * every field.
 */
export function asciiDigits(text: string): string {
	return text.replace(DIGITS, (digit) => String(digitValue(digit)));
}

/** A whole number that was typed in the digits of any script. @returns NaN for another text. */
export function typedInteger(text: string): number {
	const digits = asciiDigits(text.trim());
	return INTEGER.test(digits) ? Number(digits) : Number.NaN;
}

/** The digits of each script follow each other from zero to nine (The Unicode Standard, section 4.6). */
function digitValue(digit: string): number {
	const own = digit.codePointAt(0) ?? 0;
	let before = 0;
	while (DIGIT.test(String.fromCodePoint(own - before - 1))) {
		before += 1;
	}
	return before % 10;
}
