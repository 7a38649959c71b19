import { expect, test } from "vitest";
import { inGroups, randomCode, readCode } from "../../../src/helpdesk/people/mailed-code.ts";

test.each([
	["as it is written", "1234 5678 9012"],
	["without blanks", "123456789012"],
	["with the word before it", "Code: 1234 5678 9012"],
	["as the letter's sentence", "Your code is 1234 5678 9012. It is valid for ten minutes."],
	["with hyphens and a line break", "1234-5678\n9012 "],
	["in Arabic digits", "١٢٣٤ ٥٦٧٨ ٩٠١٢"],
	["in Persian digits", "۱۲۳۴ ۵۶۷۸ ۹۰۱۲"],
	["in fullwidth digits", "１２３４５６７８９０１２"],
	["in bold mathematical digits", "𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗𝟎𝟏𝟐"],
	["in digits of several scripts", "१२३४ 5678 ९०१२"],
	["after another number", "2 letters, code 123456789012"],
])("a code is read %s", (_, typed) => {
	expect(readCode(typed)).toBe("123456789012");
});

test.each([
	["", ""],
	["no digits", ""],
	["12345", "12345"],
	[`${" ".repeat(100)}123456789012`, ""],
])("of %j the digits are %j", (typed, digits) => {
	expect(readCode(typed)).toBe(digits);
});

test.each([0n, 7n, 2n ** 64n - 1n])(
	"the bytes of %s become twelve digits in three groups",
	(number) => {
		const bytes = Buffer.alloc(8);
		bytes.writeBigUInt64BE(number);

		const code = randomCode({ bytes: () => bytes });

		expect(code).toMatch(/^\d{12}$/);
		expect(inGroups(code)).toMatch(/^\d{4} \d{4} \d{4}$/);
		expect(readCode(inGroups(code))).toBe(code);
		expect(BigInt(code)).toBe(number % 10n ** 12n);
	},
);
