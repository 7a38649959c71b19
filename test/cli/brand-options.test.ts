import { expect, test } from "vitest";
import { CommandError } from "../../src/cli/command-error.ts";
import { readStartOptions } from "../../src/cli/helpdesk/start-options.ts";

const FILE = "brands.json";

/** @param file the text of {@link FILE}. Left out: there is no such file. */
function read(args: readonly string[], file?: string) {
	const readText = (path: string): string => {
		if (file === undefined || path !== FILE) {
			throw new Error(`ENOENT: no such file, open '${path}'`);
		}
		return file;
	};
	return readStartOptions(args, { command: "start", env: {}, readText });
}

function brands(...values: string[]) {
	return read(values.flatMap((value) => ["--brand", value])).configuredBrands;
}

function refused(args: readonly string[], file?: string): string {
	try {
		read(args, file);
	} catch (error) {
		expect(error).toBeInstanceOf(CommandError);
		return (error as CommandError).message;
	}
	return expect.fail("the start is not refused");
}

test("--brand takes ID=NAME,URL as often as there are brands, in the order of their ports", () => {
	expect(
		brands("help=Help Desk,https://help.example.com", "shop=Shop,https://shop.example.com"),
	).toEqual([
		{ id: "help", name: "Help Desk", url: "https://help.example.com", locale: "en" },
		{ id: "shop", name: "Shop", url: "https://shop.example.com", locale: "en" },
	]);
	expect(read([]).configuredBrands).toEqual([]);
});

test.each([
	["a name with commas", "help=Smith, Jones & Co,https://h.example", "Smith, Jones & Co"],
	["a name with an equals sign", "help=1 + 1 = 2,https://h.example", "1 + 1 = 2"],
	[
		"a name that looks like an address",
		"help=http://old.example,https://h.example",
		"http://old.example",
	],
	["white space around its parts", " help = Help , https://h.example/ ", "Help"],
])("the last comma separates: %s", (_, value, name) => {
	expect(brands(value)).toEqual([{ id: "help", name, url: "https://h.example", locale: "en" }]);
});

test.each([
	["http://127.0.0.1:8080", "http://127.0.0.1:8080"],
	["http://localhost:8080/", "http://localhost:8080"],
	["HTTPS://Help.Example.com:443", "https://help.example.com"],
	["https://hülfe.example", "https://xn--hlfe-0ra.example"],
])("the address %s is the origin %s", (typed, origin) => {
	expect(brands(`help=Help,${typed}`)[0]?.url).toBe(origin);
});

test.each([
	["help=Help Desk", "has no address", "--brand 'help=Help Desk,https://help.example.com'"],
	["help=Smith, Jones", "has no address", "--brand 'help=Smith, Jones,https://help.example.com'"],
	["help=,https://h.example", "has no name", "--brand 'help=Help Desk,https://h.example'"],
	["help", "has no name", "--brand 'help=Help Desk,https://help.example.com'"],
	["=Help Desk,https://h.example", "has no id", "--brand 'help=Help Desk,https://h.example'"],
])("%j is refused with the line to give", (value, why, line) => {
	const sentence = refused(["--port", "80", "--brand", value]);

	expect(sentence).toContain(why);
	expect(sentence).toContain(`\n  node dist/cli.mjs start --port 80 ${line}\n`);
});

test.each([
	["an id in upper case", ["Help=Help,https://h.example"], "“Help” cannot be the id"],
	["a path", ["help=Help,https://h.example/desk"], "leave out the path"],
	["plain http beyond loopback", ["help=Help,http://h.example"], "only on loopback"],
	["a name that shows nothing", ["help=\u200b,https://h.example"], "a name that can be seen"],
	["one id twice", ["a=A,https://a.example", "a=B,https://b.example"], "have the same id"],
	[
		"one address twice",
		["a=A,https://a.example", "b=B,https://A.example:443/"],
		"the same address",
	],
	["one name twice", ["a=A,https://a.example", "b=a,https://b.example"], "told apart"],
	[
		"more than 100 brands",
		Array.from({ length: 101 }, (_, index) => `b${index}=No. ${index},https://b${index}.example`),
		"at most 100 brands",
	],
])("%s is refused", (_, values, why) => {
	expect(refused(values.flatMap((value) => ["--brand", value]))).toContain(why);
});

test("--base-url for a configured brand is refused, and so is one for a brand that is not there", () => {
	const brand = ["--brand", "help=Help,https://h.example"];
	expect(refused([...brand, "--base-url", "help=https://other.example"])).toContain(
		"the brand help is configured with the address https://h.example; change it there",
	);
	expect(refused([...brand, "--base-url", "acorn=https://other.example"])).toContain(
		"names no brand; the brands are help",
	);
	const acorn = ["--brand", "acorn=My Desk,https://h.example"];
	expect(refused([...acorn, "--base-url", "acorn=https://h.example"])).toContain("is configured");
	expect(read(["--base-url", "acorn=https://h.example"]).baseUrls).toEqual(
		new Map([["acorn", "https://h.example"]]),
	);
});

test("each brand needs a port", () => {
	const two = ["--brand", "a=A,https://a.example", "--brand", "b=B,https://b.example"];
	expect(read(["--port", "65534", ...two]).port).toBe(65534);
	expect(refused(["--port", "65535", ...two])).toContain("from 1 to 65534");
	expect(read(["--port", "65535", ...two.slice(2)]).port).toBe(65535);
	expect(refused(["--port", "65536", ...two.slice(2)])).toContain("from 1 to 65535");
});

test("the fake X does not stand beside a configured brand that strangers may reach", () => {
	const args = ["--brand", "help=Help,https://help.acme.com"];
	expect(refused(args)).toContain("the fake X would stand beside https://help.acme.com");
	expect(read([...args, "--fake-x"]).mayBePublic).toBe(true);
	expect(read([...args, "--x-base-url", "https://api.x.com"]).mayBePublic).toBe(true);
	expect(read(["--brand", "help=Help,https://h.example"]).mayBePublic).toBe(false);
	expect(read(["--x-base-url", "http://127.0.0.1:9"]).mayBePublic).toBe(false);
});

const HELP = { id: "help", name: "Smith, Jones & Co", url: "https://h.example" };

test("--brands-file takes the same in JSON, and a language and a time zone for each brand", () => {
	const file = JSON.stringify([
		{ ...HELP, locale: "de", timeZone: "Europe/Berlin" },
		{ id: "a", name: "A", url: "https://A.example/" },
	]);

	expect(read(["--brands-file", FILE], `\ufeff${file}`).configuredBrands).toEqual([
		{ ...HELP, locale: "de", timeZone: "Europe/Berlin" },
		{ id: "a", name: "A", url: "https://a.example", locale: "en" },
	]);
});

test.each([
	["no JSON", '[\n\t{ "id": "help", }\n]', "brands.json, line 2 is not JSON"],
	["JSON that is cut off", '[\n\t{ "id": "help",\n', "brands.json, line 3 is not JSON"],
	["no list", JSON.stringify(HELP), "is not a list of brands"],
	["an empty list", "[]", "is not a list of brands"],
	["no object", '["help"]', "brand 1: not an object"],
	["no address", JSON.stringify([HELP, { id: "a", name: "A" }]), 'brand 2: "url" is missing'],
	[
		"a name that is a number",
		JSON.stringify([{ ...HELP, name: 7 }]),
		'brand 1: "name" is not a text',
	],
	["a misspelt field", JSON.stringify([{ ...HELP, Url: "" }]), '"Url" is not a field of a brand'],
	[
		"a path",
		JSON.stringify([{ ...HELP, url: "https://h.example/x" }]),
		"brand 1: https://h.example/x",
	],
	[
		"no language",
		JSON.stringify([{ ...HELP, locale: "de_AT" }]),
		"brand 1: “de_AT” is not the language",
	],
	[
		"no time zone",
		JSON.stringify([{ ...HELP, timeZone: "Berlin" }]),
		"brand 1: “Berlin” is not the time zone",
	],
	[
		"one id twice",
		JSON.stringify([HELP, { ...HELP, name: "B", url: "https://b.example" }]),
		"same id",
	],
])("a file with %s is refused, with the place", (_, file, why) => {
	expect(refused(["--brands-file", FILE], file)).toContain(why);
});

test("a file that is not there is named, and flags beside a file are refused", () => {
	expect(refused(["--brands-file", "other.json"])).toContain(
		"--brands-file other.json cannot be read",
	);
	expect(
		refused(["--brands-file", FILE, "--brand", "a=A,https://a.example"], JSON.stringify([HELP])),
	).toContain("give all brands in one place");
});
