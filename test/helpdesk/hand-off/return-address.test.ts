import { describe, expect, test } from "vitest";
import { returnAddress } from "../../../src/helpdesk/hand-off/return-address.ts";
import { DESK } from "../../kit/hand-off/handed.ts";

const PAGE = "https://support.example.com/tickets?a=1#b";

describe("a visitor goes on to", () => {
	test.each([
		["a page of the helpdesk", PAGE, PAGE],
		["a page of its other site", "https://help.example.com/x", "https://help.example.com/x"],
		[
			"an address that browsers write otherwise",
			"https://SUPPORT.example.com:443/x",
			"https://support.example.com/x",
		],
	])("%s", (_, asked, wayOn) => {
		expect(returnAddress(DESK, { returnsTo: "address" }, asked)).toBe(wayOn);
	});

	test.each(["/article/1?x=y#z", "/"])("a path of a site that asks for one: %s", (asked) => {
		expect(returnAddress(DESK, { returnsTo: "path" }, asked)).toBe(asked);
	});
});

describe("the helpdesk chooses where a visitor goes on to instead of", () => {
	test.each([
		"",
		"/tickets",
		"https://evil.example/",
		"https://support.example.com.evil.example/",
		"https://evil.example/?https://support.example.com/",
		"https://support.example.com@evil.example/",
		"https://ada:secret@support.example.com/",
		"https://sub.support.example.com/",
		"https://support.example.com:8443/",
		"http://support.example.com/",
		"//support.example.com/",
		"javascript:alert(1)",
		"https://support.example.com/\r\nset-cookie: a=b",
		"https://support.example.com/\u0000",
		"\thttps://support.example.com/",
		"https:\\\\evil.example/",
	])("the address %j", (asked) => {
		expect(returnAddress(DESK, { returnsTo: "address" }, asked)).toBeUndefined();
	});

	test.each([
		"",
		"article/1",
		"//evil.example/",
		"/\\evil.example",
		"/.//evil.example",
		"/a/..//evil.example",
		"\\\\evil.example",
		"https://support.example.com/x",
		"https://evil.example/",
		"/\t/evil.example",
		"/a\r\nset-cookie: a=b",
		"javascript:alert(1)",
		"?x",
	])("the path %j", (asked) => {
		expect(returnAddress(DESK, { returnsTo: "path" }, asked)).toBeUndefined();
	});
});
