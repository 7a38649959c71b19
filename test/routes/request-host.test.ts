import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isHostOf, isOriginOf } from "../../src/routes/request-host.ts";

const HELP = "https://help.example.com";

describe("a host is the base URL's", () => {
	test.each([
		[HELP, "help.example.com"],
		[HELP, "help.example.com:443"],
		[HELP, "help.example.com:0443"],
		[HELP, "help.example.com:"],
		[HELP, "HELP.example.com"],
		[HELP, "Help.Example.COM:443"],
		["https://help.example.com:443", "help.example.com"],
		["https://HELP.example.com/", "help.example.com:443"],
		["https://help.example.com:8443", "help.example.com:8443"],
		["http://127.0.0.1:80", "127.0.0.1"],
		["http://127.0.0.1", "127.0.0.1:80"],
		["http://127.0.0.1:8080", "127.0.0.1:8080"],
		["http://localhost:8080", "LOCALHOST:8080"],
		["https://[2001:db8::1]", "[2001:DB8:0::1]:443"],
		["https://münchen.example", "xn--mnchen-3ya.example"],
		["https://münchen.example", "XN--MNCHEN-3YA.example:443"],
		["https://help_desk.example.com", "help_desk.example.com"],
	])("%s and %s", (baseUrl, host) => {
		expect(isHostOf(baseUrl, host)).toBe(true);
	});
});

describe("a host is not the base URL's", () => {
	test.each([
		[HELP, "evil.example"],
		[HELP, "localhost:8080"],
		[HELP, "helpdesk:3000"],
		[HELP, "help.example.com:80"],
		[HELP, "help.example.com:8443"],
		[HELP, "help.example.com."],
		[HELP, "help.example.com.:443"],
		[HELP, ".help.example.com"],
		[HELP, "help.example.com.evil.example"],
		[HELP, "www.help.example.com"],
		["https://help.example.com:8443", "help.example.com"],
		["http://127.0.0.1:8080", "127.0.0.1"],
		["http://127.0.0.1:8080", "localhost:8080"],
		["https://münchen.example", "münchen.example"],
	])("%s and %s", (baseUrl, host) => {
		expect(isHostOf(baseUrl, host)).toBe(false);
	});
});

test.each([
	undefined,
	"",
	" ",
	":443",
	"help.example.com:443:443",
	"help.example.com:99999",
	"help.example.com:443443",
	"help.example.com:+443",
	"help.example.com:https",
	"user@help.example.com",
	"evil.example@help.example.com",
	"help.example.com@evil.example",
	"user:password@help.example.com",
	"https://help.example.com",
	"//help.example.com",
	"help.example.com/",
	"help.example.com/login",
	"help.example.com?a",
	"help.example.com#a",
	"help.example.com\\",
	"evil.example\\@help.example.com",
	" help.example.com",
	"help.example.com ",
	"help.example.com\t",
	"help.exa\tmple.com",
	"help.example.com\r\nset-cookie: a=b",
	"help.example.com\0",
	"help.example.com, evil.example",
	"evil.example, help.example.com",
	"help.example.com,help.example.com",
	"help.example.com;evil.example",
	'"help.example.com"',
	"help%2eexample.com",
	"help。example.com",
	"ｈelp.example.com",
	"[help.example.com]",
])("%j is the host of no URL", (host) => {
	expect(isHostOf(HELP, host)).toBe(false);
});

test("an origin is compared with the scheme, the host and the port of the base URL", () => {
	for (const own of [HELP, `${HELP}:443`, "HTTPS://HELP.example.com"]) {
		expect([own, isOriginOf(HELP, own)]).toEqual([own, true]);
		expect([own, isOriginOf(`${HELP}:443`, own)]).toEqual([own, true]);
	}
	expect(isOriginOf("http://127.0.0.1:80", "http://127.0.0.1")).toBe(true);
	for (const other of [
		...["null", "", "https:", "https://", "help.example.com", "http://help.example.com"],
		...["http://help.example.com:443", "https://help.example.com.", "https:help.example.com"],
		...["https:///help.example.com", "https://help.example.com/", "https://a@help.example.com"],
		...["https://help.example.com https://evil.example", "https://evil.example", "file://"],
	]) {
		expect([other, isOriginOf(HELP, other)]).toEqual([other, false]);
	}
});

/** A character in upper or lower case. */
const inAnyCase = (text: string) =>
	fc
		.array(fc.boolean(), { minLength: text.length, maxLength: text.length })
		.map((upper) => [...text].map((each, at) => (upper[at] ? each.toUpperCase() : each)).join(""));

const OWN_PORT = { http: 80, https: 443 } as const;

test("a base URL has its own host in any letter case, and its scheme's own port may be left out", () => {
	const bases = fc.record({
		scheme: fc.constantFrom("http" as const, "https" as const),
		name: fc.domain(),
		port: fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined }),
	});
	fc.assert(
		fc.property(
			bases.chain((base) => fc.tuple(fc.constant(base), inAnyCase(base.name))),
			([{ scheme, name, port }, typed]) => {
				const written = port === undefined ? "" : `:${port}`;
				const baseUrl = `${scheme}://${name}${written}`;
				expect(isHostOf(baseUrl, `${typed}${written}`)).toBe(true);
				const isOwnPort = (port ?? OWN_PORT[scheme]) === OWN_PORT[scheme];
				expect(isHostOf(baseUrl, typed)).toBe(isOwnPort);
				expect(isHostOf(baseUrl, `${typed}:${OWN_PORT[scheme]}`)).toBe(isOwnPort);
				expect(isHostOf(baseUrl, `${typed}.${written}`)).toBe(false);
				expect(isHostOf(baseUrl, `x${typed}${written}`)).toBe(false);
			},
		),
	);
});

test("a text that is accepted makes a URL with nothing but the origin of the base URL", () => {
	const parts = fc.constantFrom(
		...["help.example.com", "HELP", ".example.com", "evil.example", ":443", ":", "443", "."],
		...["@", "/", "\\", "?", "#", ",", " ", "\t", "\r\n", "[", "]", "%2e", "。", "é", "\0"],
	);
	const texts = fc.oneof(
		fc.string(),
		fc.array(parts, { maxLength: 6 }).map((each) => each.join("")),
	);
	fc.assert(
		fc.property(texts, (text) => {
			if (isHostOf(HELP, text)) {
				expect(text).toMatch(/^[\x21-\x7e]+$/);
				expect(new URL(`https://${text}`).href).toBe(`${HELP}/`);
			}
		}),
		{ numRuns: 5000 },
	);
});
