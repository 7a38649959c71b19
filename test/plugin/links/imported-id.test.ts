import { expect, test } from "vitest";
import { importedId } from "../../../src/plugin/links/imported-id.ts";

test.each([
	"1",
	"2244994945",
	" 2244994945 ",
	"x:2244994945",
	"X:2244994945",
	"'2244994945",
	"9007199254740993",
	"1234567890123456800",
	"1234567890123450",
	"18446744073709551615",
	"x:1234567890123450000",
	"12345678901234567890",
])("%j is the id of an X account", (typed) => {
	expect(importedId(typed)).toEqual({
		kind: "id",
		identityId: `x:${typed.replace(/[^0-9]/g, "")}`,
		looksRounded: false,
	});
});

test.each([
	"1234567890123450000",
	"123456789012345000",
	"12345678901234500",
	"1234570000000000000",
])("%j looks rounded without a prefix and not with one", (typed) => {
	const id = { kind: "id", identityId: `x:${typed}` };
	expect(importedId(typed)).toEqual({ ...id, looksRounded: true });
	expect(importedId(`x:${typed}`)).toEqual({ ...id, looksRounded: false });
});

test.each([
	["ada_l", "handle"],
	["@ada_l", "handle"],
	["@2244994945", "handle"],
	["x:ada", "handle"],
	["https://x.com/ada_l", "handle"],
	["twitter.com/@ada_l/", "handle"],
	["2.24E+09", "scientific"],
	["2,24499E+09", "scientific"],
	["1.23457E+18", "scientific"],
	["x:1.23457E+18", "scientific"],
	["2e9", "scientific"],
	["2244994945.0", "mangled"],
	["2,244,994,945", "mangled"],
	["2 244 994 945", "mangled"],
	["-2244994945", "mangled"],
	["", "not-an-id"],
	["0", "not-an-id"],
	["007", "not-an-id"],
	["x:0", "not-an-id"],
	["18446744073709551616", "not-an-id"],
	["x:18446744073709551616", "not-an-id"],
	["9".repeat(21), "not-an-id"],
	["9".repeat(100_000), "not-an-id"],
	["x:x:1", "not-an-id"],
	["ada@example.com", "not-an-id"],
	["２２４４", "not-an-id"],
	["1\u0000", "not-an-id"],
	["<svg onload=alert(1)>", "not-an-id"],
])("%j is refused as %s", (typed, kind) => {
	expect(importedId(typed)).toEqual({ kind });
});
