import { expect, test } from "vitest";
import { asciiDigits } from "../../src/helpdesk/ascii-digits.ts";
import { hashOfRecoveryCode } from "../../src/helpdesk/people/second-factor/recovery-codes.ts";
import { sameTraceCode } from "../../src/helpdesk/sign-ins/sign-in-entry.ts";

test.each([
	["Persian", "۰۱۲۳۴۵۶۷۸۹", "0123456789"],
	["Arabic", "٠١٢٣", "0123"],
	["Devanagari", "०१२३४५६७८९", "0123456789"],
	["fullwidth", "０１２３４５６７８９", "0123456789"],
	["double-struck", "𝟘𝟙𝟡", "019"],
	["ASCII", "0123456789", "0123456789"],
])("%s digits become ASCII digits", (_, typed, ascii) => {
	expect(asciiDigits(typed)).toBe(ascii);
});

test("each decimal digit of Unicode becomes its value, and nothing else changes", () => {
	const points = Array.from({ length: 0x110000 }, (_, point) => point);
	const digits = points
		.filter((point) => point < 0xd800 || point > 0xdfff)
		.map((point) => String.fromCodePoint(point))
		.filter((character) => /\p{Nd}/u.test(character));

	expect(digits.length).toBeGreaterThan(600);
	const row = Array.from({ length: digits.length }, (_, index) => String(index % 10));
	expect(digits.map(asciiDigits)).toEqual(row);
	expect(asciiDigits("½ ² Ⅳ 三 abc کد \u200f")).toBe("½ ² Ⅳ 三 abc کد \u200f");
});

test("recovery codes and trace codes are the same in the digits of each script", () => {
	const hash = hashOfRecoveryCode("ada", "k7m2-q9x4");
	expect(hashOfRecoveryCode("ada", "K۷M۲ Q۹X۴")).toBe(hash);
	expect(hashOfRecoveryCode("ada", "k٧m٢-q٩x٤")).toBe(hash);
	expect(hashOfRecoveryCode("ada", "k۷m۲-q۹x۵")).not.toBe(hash);
	expect(sameTraceCode("۷F۳K-۹QWD")).toBe(sameTraceCode("7F3K-9QWD"));
});
