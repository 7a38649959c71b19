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
	"/caf\u00e9",
	`/${"a".repeat(512)}`,
])("open redirect: %j leads to the front page", (value) => {
	expect(returnPath(value, BASE)).toBe("/");
});
