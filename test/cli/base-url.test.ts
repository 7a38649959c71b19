// A base URL is an origin as browsers write it, because they send it with each form.
import { expect, test } from "vitest";
import { CommandError } from "../../src/cli/command-error.ts";
import { readStartOptions } from "../../src/cli/helpdesk/start-options.ts";
import { brandsAt } from "../../src/helpdesk/brands/brand-addresses.ts";
import { helpdeskOptions } from "../kit/helpdesk/open-helpdesk.ts";

const baseUrlOf = (value: string): string | undefined =>
	readStartOptions(["--fake-x", "--base-url", `acorn=${value}`]).baseUrls.get("acorn");

test.each([
	["https://help.example.com", "https://help.example.com"],
	["https://help.example.com:6001", "https://help.example.com:6001"],
	["https://help.example.com/", "https://help.example.com"],
	["https://help.example.com:443", "https://help.example.com"],
	["https://help.example.com:443/", "https://help.example.com"],
	["https://help.example.com:", "https://help.example.com"],
	["HTTPS://HELP.Example.com:0443", "https://help.example.com"],
	["https://help.example.com:8443", "https://help.example.com:8443"],
	["https://help.example.com:80", "https://help.example.com:80"],
	["http://127.0.0.1:80", "http://127.0.0.1"],
	["http://localhost:80/", "http://localhost"],
	["http://[::1]:80", "http://[::1]"],
	["http://127.0.0.1:443", "http://127.0.0.1:443"],
	["https://münchen.example", "https://xn--mnchen-3ya.example"],
	["https://MÜNCHEN.example:443/", "https://xn--mnchen-3ya.example"],
	["https://xn--mnchen-3ya.example:443", "https://xn--mnchen-3ya.example"],
	["https://例え.テスト", "https://xn--r8jz45g.xn--zckzah"],
])("%s is the address %s", (typed, origin) => {
	expect(baseUrlOf(typed)).toBe(origin);
});

test.each([
	["https://help.example.com/help", "leave out the path"],
	["https://help.example.com:443/help", "leave out the path"],
	["https://help.example.com//", "leave out the path"],
	["https://münchen.example/hilfe", "leave out the path"],
	["https://münchen.example/x", "leave out the path"],
	["https://例え.テスト/a", "leave out the path"],
	["https://xn--mnchen-3ya.example/x", "leave out the path"],
	["https://help.example.com?", "leave out the query or the fragment"],
	["https://help.example.com/?a=b", "leave out the query or the fragment"],
	["https://münchen.example#a", "leave out the query or the fragment"],
	["https://user@help.example.com", "leave out the user name and the password"],
	["https://user:canary@münchen.example", "leave out the user name and the password"],
	["https://help.example.com.", "leave out the dot"],
	["https://help.example.com.:443/", "leave out the dot"],
	["http://help.example.com", "plain http only on loopback"],
	["http://help.example.com:443/x", "plain http only on loopback"],
	["ftp://help.example.com", "is not an origin"],
	["help.example.com", "is not an origin"],
	["https://help.example.com:99999", "is not an origin"],
	["https://", "is not an origin"],
	["", "is not an origin"],
])("%s is refused, and the sentence says why", (typed, sentence) => {
	expect(() => baseUrlOf(typed)).toThrow(CommandError);
	expect(() => baseUrlOf(typed)).toThrow(sentence);
	expect(() => baseUrlOf(typed)).not.toThrow("canary");
	expect(() => readStartOptions(["--x-base-url", typed])).toThrow("--x-base-url");
});

test.each([
	["another address", "acorn=https://a.example", "acorn=https://b.example"],
	["the same address", "acorn=https://a.example", "acorn=https://a.example"],
	[
		"the same address in another spelling",
		"acorn=https://a.example",
		"acorn=https://A.example:443/",
	],
])("a brand that is given %s as well is refused", (_, ...given) => {
	const flags = given.flatMap((each) => ["--base-url", each]);

	expect(() => readStartOptions(["--fake-x", ...flags])).toThrow(
		"--base-url is given twice for the brand acorn",
	);
});

test.each([
	["the same address", ["acorn=https://a.example", "harbor=https://a.example"]],
	["the same address in capitals", ["acorn=https://a.example", "harbor=https://A.example"]],
	["the same address with the port", ["acorn=https://a.example:443", "harbor=https://a.example"]],
	["the same name in Punycode", ["acorn=https://ä.example", "harbor=https://xn--4ca.example"]],
	["the address that the other listens on", ["acorn=http://127.0.0.1:9001"]],
	["the address that the other one would have", ["harbor=http://127.0.0.1:9000"]],
])("%s for two brands is refused", (_, given) => {
	const flags = given.flatMap((each) => ["--base-url", each]);

	expect(() => readStartOptions(["--fake-x", "--port", "9000", ...flags])).toThrow(
		"the brands acorn and harbor would both have the address",
	);
});

test("brands may share a host on different ports, or swap the addresses that they listen on", () => {
	for (const given of [
		["acorn=https://a.example", "harbor=https://a.example:8443"],
		["acorn=http://127.0.0.1:9001", "harbor=http://127.0.0.1:9000"],
	]) {
		const flags = given.flatMap((each) => ["--base-url", each]);
		const { baseUrls } = readStartOptions(["--fake-x", "--port", "9000", ...flags]);
		expect(baseUrls.size).toBe(2);
	}
});

test("a brand on the port of its scheme has the address that browsers send", async () => {
	const options = await helpdeskOptions();
	const at = (baseUrls: [string, string][], ports: number[]) =>
		brandsAt({ ...options, baseUrls: new Map(baseUrls) }, ports).map(
			({ baseUrl, callbackUrl, termsUrl }) => [baseUrl, callbackUrl, termsUrl],
		);
	const urlsAt = (baseUrl: string) => [
		baseUrl,
		`${baseUrl}/login/x-login/callback`,
		`${baseUrl}/terms`,
	];

	expect(at([], [80, 81])).toEqual([urlsAt("http://127.0.0.1"), urlsAt("http://127.0.0.1:81")]);
	expect(at([["harbor", "HTTPS://A.example:443/"]], [79, 80])).toEqual([
		urlsAt("http://127.0.0.1:79"),
		urlsAt("https://a.example"),
	]);
});

test.each([
	[
		["--port", "6000"],
		"--port 6000 gives the brand acorn the port 6000, and browsers open no page",
	],
	[
		["--port", "5999"],
		"--port 5999 gives the brand harbor the port 6000, and browsers open no page",
	],
	[["--base-url", "acorn=https://help.example.com:10080"], "has the port 10080, and browsers open"],
	[["--brand", "help=Help Desk,http://127.0.0.1:6667"], "has the port 6667, and browsers open"],
])("%j is refused, because browsers open no page at the port", (flags, sentence) => {
	expect(() => readStartOptions(flags)).toThrow(CommandError);
	expect(() => readStartOptions(flags)).toThrow(sentence);
});

test("a port that browsers refuse is of no account behind a proxy", () => {
	const flags = ["--fake-x", "--port", "6000", "--base-url", "acorn=https://help.example.com"];
	expect(readStartOptions(flags).port).toBe(6000);
});
