import { expect, test } from "vitest";
import { inGroups, randomCode, readCode } from "../../../src/plugin/login/browser/login-code.ts";

/** The numbering systems that write a number digit by digit, with decimal digits of Unicode. */
const NUMBERING_SYSTEMS = Intl.supportedValuesOf("numberingSystem").filter((numberingSystem) =>
	/^\p{Nd}+$/u.test(inNumberingSystem(numberingSystem, 0)),
);

function inNumberingSystem(numberingSystem: string, number: number): string {
	return new Intl.NumberFormat("en", { numberingSystem, useGrouping: false }).format(number);
}

test.each([
	["0000000000000000", "000000000000"],
	["00000000000003e7", "000000000999"],
	["000000e8d4a50fff", "999999999999"],
	["000000e8d4a51000", "000000000000"],
	["ffffffffffffffff", "073709551615"],
])("a code is a random number of 64 bits, %s, in its last twelve digits", (bytes, code) => {
	const asked: number[] = [];
	const random = {
		bytes: (length: number) => {
			asked.push(length);
			return Buffer.from(bytes, "hex");
		},
	};

	expect(randomCode(random)).toBe(code);
	expect(asked).toEqual([8]);
});

test("people read a code in three groups of four digits", () => {
	expect(inGroups("123456789012")).toBe("1234 5678 9012");
});

test.each([
	"123456789012",
	"1234 5678 9012",
	" 1234\u00a05678\u202f9012\r\n",
	"1234-5678-9012",
	"1234\u20105678\u20149012",
	"1234\u22125678\uff0d9012",
	"1\u200b2\u200b3\u200b4 5678 9012\u200e",
	"Code: 1234 5678 9012",
	"Your code is 1234 5678 9012. It is valid for ten minutes.",
	"Ihr Code ist 1234 5678 9012. Er gilt zehn Minuten.",
	"Code for Shop24: 1234 5678 9012",
	"الرمز: ١٢٣٤ ٥٦٧٨ ٩٠١٢",
	"۱۲۳۴ ۵۶۷۸ ۹۰۱۲",
	"१२३४ ५६७८ ९०१२",
	"１２３４　５６７８　９０１２",
	"𝟭𝟮𝟯𝟰 𝟓𝟔𝟕𝟖 𝟡𝟘𝟙𝟚",
	"1234 ٥٦٧٨ ९०१२",
])("a typed code is understood: %j", (typed) => {
	expect(readCode(typed)).toBe("123456789012");
});

test("the digits of every numbering system are understood", () => {
	expect(NUMBERING_SYSTEMS).toContain("deva");
	expect(NUMBERING_SYSTEMS.length).toBeGreaterThan(50);
	for (const numberingSystem of NUMBERING_SYSTEMS) {
		expect(readCode(inNumberingSystem(numberingSystem, 102_938_475_665)), numberingSystem).toBe(
			"102938475665",
		);
	}
});

test.each(["", "Code:", "②", "一二三四", "½", "IV"])("%j has no decimal digits", (typed) => {
	expect(readCode(typed)).toBe("");
});

test("only the first 100 characters are read", () => {
	expect(readCode(`${" ".repeat(88)}123456789012`)).toBe("123456789012");
	expect(readCode(`${" ".repeat(100)}123456789012`)).toBe("");
	expect(readCode(`1234 5678 9012${" ".repeat(10_000_000)}7`)).toBe("123456789012");
});
