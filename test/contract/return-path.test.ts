import fc from "fast-check";
import { expect, test } from "vitest";
import { returnPath } from "../../src/contract/return-path.ts";

const BASE = "https://help.example.com";

test.each(["/", "/account", "/tickets/7?page=2", "/a%20b", "/caf%C3%A9"])(
	"%s stays unchanged",
	(path) => {
		expect(returnPath(path, BASE)).toBe(path);
	},
);

test.each([
	undefined,
	"",
	"account",
	"//evil.example",
	"///evil.example",
	"/\\evil.example",
	"\\\\evil.example",
	"/\t/evil.example",
	"/%09/evil.example".replace("%09", "\t"),
	"/\n//evil.example",
	"/.//evil.example",
	"/a/..//evil.example",
	"https://evil.example/",
	"https:evil.example",
	"javascript:alert(1)",
	"/a\r\nSet-Cookie: x=y",
	`/${"a".repeat(735)}`,
	`/?q=${"漢".repeat(82)}`,
	"/／/evil.example\u0085",
	"//漢.example/",
])("open redirect: %j leads to the front page", (value) => {
	expect(returnPath(value, BASE)).toBe("/");
});

const CHINESE = "漢字".repeat(30);

test.each([
	["60 Chinese letters in a path", `/${CHINESE}`],
	["60 Chinese letters in a search", `/search?q=${CHINESE}`],
	["60 emoji", "/👋".padEnd(121, "👋")],
	["right to left", "/مقالات/تسجيل-الدخول"],
	["an accent", "/caf\u00e9"],
	["a space", "/search?q=log in"],
	["wide slashes, which are letters", "/／／evil.example"],
])("%s: kept, percent-encoded", (_, value) => {
	const path = returnPath(value, BASE);

	expect(path).toMatch(/^\/[!-~]+$/);
	expect(decodeURI(path)).toBe(value);
	expect(returnPath(path, BASE)).toBe(path);
});

test("a path that was kept once is kept as it is", () => {
	const parts = fc.constantFrom(
		"/",
		"%",
		"a",
		"漢",
		"\u202e",
		"\ud800",
		" ",
		"?",
		"#",
		".",
		"'",
		"\\",
	);
	const value = fc.array(parts, { maxLength: 90 }).map((all) => `/${all.join("")}`);
	fc.assert(
		fc.property(value, (typed) => {
			const path = returnPath(typed, BASE);
			expect(returnPath(path, BASE)).toBe(path);
			expect(Buffer.from(path).toString("base64url").length + 44).toBeLessThanOrEqual(1024);
		}),
	);
});
