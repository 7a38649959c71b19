import { expect, test } from "vitest";
import {
	readConnectedHelpdesks,
	refuseUncalled,
} from "../../src/cli/helpdesk/connected-helpdesks-option.ts";

const FILE = "/etc/helpdesk/helpdesks.json";
const FLAG = `--connected-helpdesks-file ${FILE}`;
const SECRET = "canary-0123456789012345678901234567890";
const RT = {
	...{ brand: "help", id: "rt", preset: "request-tracker" },
	...{ address: "https://rt.example.com", secret: SECRET },
};

/** Reads a file with these helpdesks, beside these other files. */
function read(listed: unknown, beside: Readonly<Record<string, string>> = {}) {
	const files: Readonly<Record<string, string>> = {
		[FILE]: typeof listed === "string" ? listed : JSON.stringify(listed),
		...beside,
	};
	const readText = (path: string): string => {
		const text = files[path];
		if (text === undefined) {
			throw new Error("ENOENT: no such file");
		}
		return text;
	};
	return readConnectedHelpdesks(FILE, { readText });
}

test("a helpdesk needs a brand, an id, a preset, an address and a secret", () => {
	const [rt, ...others] = read([RT]);
	expect(others).toEqual([]);
	expect(rt).toMatchObject({
		...{ brandId: "help", id: "rt" },
		helpdesk: {
			...{ preset: "request-tracker", name: "Request Tracker" },
			redirectUris: ["https://rt.example.com/x-login/openid"],
			...{ needsEmail: false, straightToX: false, neverAsserted: [] },
		},
	});
	expect(rt?.secret?.reveal()).toBe(SECRET);
	expect(JSON.stringify(rt)).not.toContain(SECRET);
});

test("the rest can be given, and the secret in a file beside it", () => {
	const { secret, ...rest } = RT;
	const full = {
		...{ ...rest, name: "Our RT", secretFile: "rt-secret", needsEmail: true, straightToX: true },
		...{ redirectUris: ["https://rt.example.com/own"], neverAsserted: ["example.com"] },
	};
	const [rt] = read([full], { "/etc/helpdesk/rt-secret": `${secret}\n` });
	expect(rt?.helpdesk).toMatchObject({
		...{ name: "Our RT", needsEmail: true, straightToX: true },
		...{ redirectUris: full.redirectUris, neverAsserted: full.neverAsserted },
	});
	expect(rt?.secret?.reveal()).toBe(SECRET);
});

const ANOTHER = {
	...{ brand: "help", id: "desk", preset: "another", secret: SECRET },
	...{ address: "https://10.0.0.7", redirectUris: ["https://10.0.0.7/callback"] },
	postLogoutRedirectUris: ["https://10.0.0.7/goodbye"],
	backChannelLogoutUri: "https://10.0.0.7/back-channel",
};

test("the addresses of a log-out can be given where the preset does not know them", () => {
	const { postLogoutRedirectUris, backChannelLogoutUri } = ANOTHER;
	expect(read([ANOTHER])[0]?.helpdesk).toMatchObject({
		...{ postLogoutRedirectUris, backChannelLogoutUri },
	});
	expect(() => read([{ ...RT, postLogoutRedirectUris, backChannelLogoutUri }])).toThrow(
		[
			`${FLAG}, helpdesk 1: "postLogoutRedirectUris" is given, and it follows from the preset request-tracker; leave it out`,
			`${FLAG}, helpdesk 1: "backChannelLogoutUri" is given, and it follows from the preset request-tracker; leave it out`,
		].join("\n"),
	);
});

test("a back-channel log-out URI that is not on the internet is refused, unless its host is allowed", () => {
	const helpdesks = read([
		RT,
		ANOTHER,
		{ ...RT, id: "inside", name: "Inside", address: "https://10.0.0.8" },
	]);
	expect(() => refuseUncalled(FILE, helpdesks, [])).toThrow(
		`${FLAG}, helpdesk 2: Back-channel log-out URI: https://10.0.0.7/back-channel is not on the internet, and only the internet is called. Start with --allow-private 10.0.0.7, or leave the field out.`,
	);
	refuseUncalled(FILE, helpdesks, ["10.0.0.7"]);
});

test("a helpdesk that has no client secret needs none", () => {
	const zammad = {
		...{ brand: "help", id: "zammad", preset: "zammad", address: "https://zammad.example.com" },
	};
	expect(read([zammad])[0]?.secret).toBeUndefined();
	expect(() => read([{ ...zammad, secret: SECRET }])).toThrow(
		`${FLAG}, helpdesk 1: "secret" is given, and Zammad has no client secret; leave it out`,
	);
});

test.each([
	["the secret is short", { secret: SECRET.slice(0, 31) }, '"secret" has no secret of at least 32'],
	["the secret has a blank", { secret: `${SECRET} ` }, '"secret" has no secret of at least 32'],
	["the secret is a number", { secret: 1 }, '"secret" has no secret of at least 32'],
	["there is no secret", { secret: undefined }, 'there is no "secret"'],
	["there are two secrets", { secretFile: "x" }, '"secret" and "secretFile" are both given'],
	[
		"the file of the secret is missing",
		{ secret: undefined, secretFile: "x" },
		'"secretFile" x cannot be read',
	],
	[
		"the address is in clear text",
		{ address: "http://rt.example.com" },
		"Address of Request Tracker: http://rt.example.com is not encrypted",
	],
	[
		"a redirect URI lies elsewhere",
		{ redirectUris: ["https://evil.example.com/"] },
		"Redirect URI: https://evil.example.com/ does not lie at",
	],
	[
		"the preset is unknown",
		{ preset: "rt" },
		'"preset" is "rt", and the presets are request-tracker, zammad',
	],
	["the id is none", { id: "R T" }, '"id" is "R T"; give 1 to 64'],
	[
		"a field is unknown",
		{ redirectUri: "x" },
		'"redirectUri" is not a field; the fields are brand, id',
	],
	["a switch is a text", { needsEmail: "yes" }, '"needsEmail" is neither true nor false'],
	["a list is a text", { neverAsserted: "example.com" }, '"neverAsserted" is not a list of texts'],
	["an entry is no domain", { neverAsserted: ["root"] }, "Never passed on: root is neither"],
])("a sentence says what is wrong when %s", (_, change, sentence) => {
	let message = "";
	try {
		read([{ ...RT, ...change }]);
	} catch (error) {
		message = String((error as Error).message);
	}
	expect(message).toContain(`${FLAG}, helpdesk 1: ${sentence}`);
	expect(message).not.toContain("canary");
});

test("everything that is wrong comes at once", () => {
	const broken = { preset: "zendesk", address: "http://acorn.zendesk.com", secret: "short" };
	expect(() => read([RT, { ...RT, name: "Other" }, broken, "rt"])).toThrow(
		new RegExp(
			[
				'helpdesk 2: "id" is rt, as that of a helpdesk above; give each its own',
				'helpdesk 3: "brand" is missing',
				'helpdesk 3: "id" is missing',
				"helpdesk 3: Address of Zendesk: .*",
				'helpdesk 3: "secret" has no secret .*',
				'helpdesk 4: "brand" is missing',
			]
				.map((line) => `[^\\n]*${line}\\n`)
				.join(""),
		),
	);
});

test("a file that is not a list, not JSON or not there is refused without what stands in it", () => {
	expect(() => read({})).toThrow(`${FLAG} is not a list of helpdesks such as [{`);
	expect(() => read(`[\n{ "secret": "${SECRET}" x`)).toThrow(`${FLAG}, line 2 is not JSON`);
	let message = "";
	try {
		read(`[{ "secret": ${SECRET} }]`);
	} catch (error) {
		message = String((error as Error).message);
	}
	expect(message).toMatch(/is not JSON$/);
	expect(message).not.toContain("canary");
	expect(() => readConnectedHelpdesks("none", { readText: () => "" })).toThrow(
		"line 1 is not JSON",
	);
});
