// Helpdesks that take a signed token, in the file of `--connected-helpdesks-file`.
import { describe, expect, test } from "vitest";
import { readHelpdesksFile } from "../../src/cli/helpdesk/hand-off-option.ts";

const FILE = "/etc/helpdesk/helpdesks.json";
const FLAG = `--connected-helpdesks-file ${FILE}`;
const KEY = "canary-key-0123456789";
const DESK = {
	...{ brand: "help", id: "desk", preset: "supportpal" },
	...{ address: "https://support.example.com", secret: KEY },
};
const RT = {
	...{ brand: "help", id: "rt", preset: "request-tracker", address: "https://rt.example.com" },
	secret: "canary-0123456789012345678901234567890",
};

function read(listed: unknown, beside: Readonly<Record<string, string>> = {}) {
	const files: Readonly<Record<string, string>> = { [FILE]: JSON.stringify(listed), ...beside };
	const readText = (path: string): string => files[path] ?? expect.fail(`no file ${path}`);
	return readHelpdesksFile(FILE, { readText });
}

function problems(listed: unknown): readonly string[] {
	try {
		read(listed);
	} catch (error) {
		return (error as Error).message.split("\n").map((line) => line.replace(`${FLAG}, `, ""));
	}
	return [];
}

test("both kinds of helpdesks stand in one file", () => {
	const { connectedHelpdesks, handOffs } = read([RT, DESK]);
	expect(connectedHelpdesks.map(({ id }) => id)).toEqual(["rt"]);
	expect(handOffs).toMatchObject([
		{
			...{ brandId: "help", id: "desk" },
			helpdesk: {
				...{ preset: "supportpal", name: "SupportPal", address: "https://support.example.com" },
				...{ otherSites: [], remoteBrandId: null, neverAsserted: [], straightToX: false },
			},
		},
	]);
	expect(handOffs[0]?.secrets.secret?.reveal()).toBe(KEY);
	expect(handOffs[0]?.secrets.apiToken).toBeUndefined();
	expect(JSON.stringify(handOffs)).not.toContain("canary");
});

test("the rest can be given, and secrets in files beside it", () => {
	const { secret, ...rest } = DESK;
	const full = {
		...{ ...rest, name: "Our desk", secretFile: "key", apiTokenFile: "token", remoteBrandId: 3 },
		...{ otherSites: ["https://help.example.com/"], neverAsserted: ["@agents.example.com"] },
		straightToX: true,
	};
	const beside = { "/etc/helpdesk/key": `${secret}\n`, "/etc/helpdesk/token": "canary-token\n" };
	const [desk] = read([full], beside).handOffs;
	expect(desk?.helpdesk).toMatchObject({
		...{ name: "Our desk", remoteBrandId: 3, straightToX: true },
		...{ otherSites: ["https://help.example.com"], neverAsserted: ["agents.example.com"] },
	});
	expect(desk?.secrets.secret?.reveal()).toBe(KEY);
	expect(desk?.secrets.apiToken?.reveal()).toBe("canary-token");
});

describe("a file is refused, and all of it is named, for", () => {
	test("a helpdesk with nothing right", () => {
		const wrong = {
			...{ preset: "supportpal", id: "A", address: "http://support.example.com" },
			...{ secret: "canary", apiToken: 7, remoteBrandId: "x", redirectUris: [], straightToX: 1 },
		};
		const found = problems([wrong, { ...RT, secret: "short" }]);
		expect(found.join("\n")).not.toContain("canary");
		expect(found).toEqual(
			expect.arrayContaining([
				expect.stringContaining('helpdesk 1: "redirectUris" is not a field of supportpal'),
				'helpdesk 1: "brand" is missing',
				expect.stringContaining('helpdesk 1: "id" is "A"'),
				'helpdesk 1: "straightToX" is neither true nor false',
				'helpdesk 1: "apiToken" is not a text',
				expect.stringContaining("helpdesk 1: SimpleAuth key: it has less than 16 characters"),
				expect.stringContaining("helpdesk 1: Address of SupportPal: http://support.example.com"),
				expect.stringContaining("helpdesk 1: Brand ID: x is not the number"),
				expect.stringContaining('helpdesk 2: "secret" has no secret of at least 32'),
			]),
		);
	});

	test("no key, two keys, and an API token where there is no API", () => {
		const { secret: _secret, ...keyless } = DESK;
		expect(problems([keyless]).join()).toContain("SimpleAuth key: there is none");
		expect(problems([{ ...DESK, secretFile: "key" }]).join()).toContain("are both given");
		const zendesk = { ...DESK, preset: "zendesk-jwt", apiToken: "token" };
		expect(problems([zendesk]).join()).toContain("API token: Zendesk (JWT) needs none");
	});

	test("an id or a name that another helpdesk has", () => {
		expect(problems([RT, { ...DESK, id: "rt" }]).join()).toContain(
			'"id" is rt, as that of another',
		);
		expect(problems([DESK, { ...DESK, id: "two" }]).join()).toContain("is connected already");
		for (const listed of [
			[RT, { ...DESK, name: "request tracker" }],
			[{ ...DESK, name: "request tracker" }, RT],
		]) {
			expect(problems(listed)).toEqual([
				expect.stringContaining("Name: a helpdesk with the name request tracker is connected"),
			]);
		}
		expect(
			problems([
				{ ...RT, brand: "music" },
				{ ...DESK, name: "request tracker" },
			]),
		).toEqual([]);
	});

	test("something that is no list, once", () => {
		expect(problems({})).toHaveLength(1);
	});

	test("an unknown preset, among whose names those of signed tokens stand", () => {
		expect(problems([{ ...DESK, preset: "none" }]).join()).toContain("zendesk-jwt");
	});
});
