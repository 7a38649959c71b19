import fc from "fast-check";
import { expect, test } from "vitest";
import { roundedIn } from "../../../src/plugin/links/rounded-ids.ts";

/** A number as jq before 1.7 writes it, and many programs in C. */
function in17Digits(number: number): string {
	const [digits = "", exponent = ""] = number.toExponential(16).split("e+");
	return digits.replace(".", "").padEnd(Number(exponent) + 1, "0");
}

const rounded = (...ids: string[]): string[] => [
	...roundedIn(ids.map((identityId) => ({ brandId: "brand", identityId }))),
];

test.each([
	[
		"several that a spreadsheet rounded",
		["1234567890123450000", "123456789012345000", "2244994945"],
	],
	["all long ones, as JavaScript rounds them", ["1734567890123456800", "1734567890123457000"]],
	["all long ones, beside short ones", ["1734567890123456800", "17", "1534567890123456500"]],
	[
		"long ones of 18 digits",
		["912345678901234560", "912345678901234570", "912345678901234580", "912345678901234590"],
	],
])("%s are refused", (_, ids) => {
	expect(rounded(...ids)).toEqual(ids.filter((id) => id.length > 16));
});

test.each([
	["one of 19 digits", ["1734567890123456800", "2244994945"]],
	["one twice", ["1734567890123456800", " 1734567890123456800"]],
	[
		"some beside one that is whole",
		["1734567890123456800", "1734567890123457000", "1734567890123456789"],
	],
	["three of 18 digits", ["912345678901234560", "912345678901234570", "912345678901234580"]],
	[
		"those with a prefix",
		["x:1734567890123456800", "x:1734567890123457000", "x:1234567890123450000"],
	],
	["short ones", ["9007199254740000", "9007199254741000", "1000", "2000"]],
	["those that are no ids", ["99999999999999999900", "99999999999999999800", "a"]],
	["nothing", []],
])("%s may be real", (_, ids) => {
	expect(rounded(...ids)).toEqual([]);
});

test("whatever ids of 19 digits a program reads as numbers, the file is refused", () => {
	const id = fc.bigInt({ min: 10n ** 18n, max: 2n ** 63n - 1n });
	const property = fc.property(fc.uniqueArray(id, { minLength: 2 }), (ids) => {
		for (const written of [String, in17Digits]) {
			const file = [...new Set(ids.map((each) => written(Number(each))))];
			expect(rounded(...file).sort()).toEqual(file.length > 1 ? file.sort() : []);
		}
	});
	fc.assert(property);
});
