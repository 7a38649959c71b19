import { expect, test } from "vitest";
import { importedId } from "../../../src/plugin/login/imported-id.ts";

test.each([
	"1",
	"2244994945",
	" 2244994945 ",
	"x:2244994945",
	"X:2244994945",
	"'2244994945",
	"9007199254740993",
	"1234567890123456800",
	"18446744073709551615",
	"x:1234567890123450000",
	"12345678901234567890",
])("%j is the id of an X account", (typed) => {
	expect(importedId(typed)).toEqual({
		kind: "id",
		identityId: `x:${typed.replace(/[^0-9]/g, "")}`,
	});
});

test.each([
	["ada_l", "handle"],
	["@ada_l", "handle"],
	["@2244994945", "handle"],
	["x:ada", "handle"],
	["https://x.com/ada_l", "handle"],
	["twitter.com/@ada_l/", "handle"],
	["2.24E+09", "mangled"],
	["2,24499E+09", "mangled"],
	["2e9", "mangled"],
	["2244994945.0", "mangled"],
	["2,244,994,945", "mangled"],
	["2 244 994 945", "mangled"],
	["-2244994945", "mangled"],
	["1234567890123450000", "mangled"],
	["123456789012345000", "mangled"],
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
