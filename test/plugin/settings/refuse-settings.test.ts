import { expect, test } from "vitest";
import de from "../../../locales/de.json" with { type: "json" };
import en from "../../../locales/en.json" with { type: "json" };
import { type Secret, secret } from "../../../src/contract/secret.ts";
import type { Secrets, SettingsChange } from "../../../src/contract/settings.ts";
import { refuseSettings } from "../../../src/plugin/settings/refuse-settings.ts";

/** Values in the form that X gives them today. */
const API_KEY = "xvz1evFS4wEEPTGEFPHBogaB2";
const API_KEY_SECRET = "L8qq9PZyRg6ieKGEKhZolGC0vJWLw8iEJ88DRdyOgqqqqqqqqq";
const CLIENT_ID = Buffer.from("M1M5R3BMVy13QmpScXkzTUt5:1:ci").toString("base64url");
const CLIENT_SECRET = "pR_1-dH2mV7c9Q-nT4xW0aZ8sE6yU3bK5gJ1fL9oI7hN2kM4qB";
const BEARER_TOKEN = `AAAAAAAAAAAAAAAAAAAAAMLheAAAAAAA0%2BuSeid%2BULvsea4Jti${"E".repeat(40)}`;
const ACCESS_TOKEN = `2244994945-${"a1B".repeat(13)}`;

const FIELDS = {
	apiKey: API_KEY,
	apiKeySecret: API_KEY_SECRET,
	clientId: CLIENT_ID,
	clientSecret: CLIENT_SECRET,
} as const;
type Field = keyof typeof FIELDS;
const NAMES = Object.keys(FIELDS) as Field[];
const SECRETS: ReadonlySet<Field> = new Set(["apiKeySecret", "clientSecret"]);
const KINDS = {
	apiKey: "api-key",
	apiKeySecret: "api-key-secret",
	clientId: "client-id",
	clientSecret: "client-secret",
} as const;

async function refused(
	typed: Partial<Record<Field, string>>,
	stored: Partial<Record<Field, string>> = {},
	more: Partial<SettingsChange> = {},
): Promise<Record<string, string>> {
	const secretOf = (text: string | undefined) => (text === undefined ? undefined : secret(text));
	const port: Secrets = {
		get: async (brandId, name) =>
			brandId === "brand" ? secretOf(stored[name as Field]) : undefined,
		has: async () => expect.fail("not needed"),
	};
	const values: Record<string, string> = {};
	const secrets: Record<string, Secret> = {};
	for (const [name, text] of Object.entries(typed)) {
		if (SECRETS.has(name as Field)) {
			secrets[name] = secret(text);
		} else {
			values[name] = text;
		}
	}
	const change = {
		brandId: "brand",
		...more,
		values: { ...values, ...more.values },
		secrets: { ...secrets, ...more.secrets },
	};
	const problems = await refuseSettings(change, port);
	for (const { message } of problems) {
		expect([en, de].map((locale) => message in locale)).toEqual([true, true]);
	}
	return Object.fromEntries(problems.map(({ setting, message }) => [setting, message]));
}

test("keys in the form that X gives them are accepted in their own fields", async () => {
	expect(await refused(FIELDS)).toEqual({});
	// Also the keys of other apps, and those of the fake X.
	expect(await refused({ apiKey: "k", clientId: "client-id", clientSecret: "s" })).toEqual({});
});

test.each(NAMES)(
	"in %s, the values of X's page that are not for it are recognised",
	async (name) => {
		const shapes = { "bearer-token": BEARER_TOKEN, "access-token": ACCESS_TOKEN } as const;
		for (const [kind, text] of Object.entries(shapes)) {
			expect(await refused({ [name]: text })).toEqual({ [name]: `settings.${name}.is-${kind}` });
		}
		for (const text of [`"${FIELDS[name]}"`, `KEY=${FIELDS[name]}`, `{${FIELDS[name]}}`]) {
			expect(await refused({ [name]: text })).toEqual({ [name]: `settings.${name}.is-wrapped` });
		}
		const asClientId = name === "clientId" ? {} : { [name]: `settings.${name}.is-client-id` };
		expect(await refused({ [name]: CLIENT_ID })).toEqual(asClientId);
	},
);

test("the sentence names the field, the thing that was pasted, and X's page with the right one", () => {
	for (const name of NAMES) {
		for (const kind of [...Object.values(KINDS), "bearer-token", "access-token"]) {
			if (kind === KINDS[name]) {
				continue;
			}
			for (const texts of [en, de] as Readonly<Record<string, string>>[]) {
				const sentence = texts[`settings.${name}.is-${kind}`];
				expect(sentence, `${name} ${kind}`).toMatch(
					/Keys and tokens|same page|derselben Seite|next to it|daneben/,
				);
			}
		}
	}
});

/** Where one value is in two fields, the later one is refused, unless its form shows which of the two is wrong. */
test.each([
	["apiKey", "apiKeySecret", "api-key"],
	["apiKey", "clientId", "api-key"],
	["apiKey", "clientSecret", "api-key"],
	["apiKeySecret", "clientId", "api-key-secret"],
	["apiKeySecret", "clientSecret", "api-key-secret"],
	["clientId", "clientSecret", "client-id"],
] as const)("the same value in %s and %s is refused in the second", async (one, two, kind) => {
	const value = one === "clientId" ? CLIENT_ID : "the-same-value-in-both";
	expect(await refused({ ...FIELDS, [one]: value, [two]: value })).toEqual({
		[two]: `settings.${two}.is-${kind}`,
	});
});

test("a Client ID in its own field and in another one is right in its own", async () => {
	expect(await refused({ apiKey: CLIENT_ID, clientId: CLIENT_ID })).toEqual({
		apiKey: "settings.apiKey.is-client-id",
	});
});

test.each([
	["apiKey", "apiKeySecret", "api-key-secret"],
	["apiKey", "clientSecret", "client-secret"],
	["clientId", "apiKeySecret", "api-key-secret"],
	["clientId", "clientSecret", "client-secret"],
	["clientSecret", "apiKeySecret", "api-key-secret"],
	["apiKeySecret", "clientSecret", "client-secret"],
] as const)("in %s, the stored %s is recognised", async (name, storedAs, kind) => {
	const text = FIELDS[storedAs];
	expect(await refused({ [name]: text }, { [storedAs]: text })).toEqual({
		[name]: `settings.is-stored.${kind}`,
	});
	// One that is replaced or removed at the same time is no longer known.
	const removed = { secrets: { [storedAs]: null } };
	expect(await refused({ [name]: text }, { [storedAs]: text }, removed)).toEqual({});
});

const DEFAULTS = { protocol: "oauth1", mode: "login-and-signup" };

test.each([
	["oauth1", {}, {}],
	["oauth2", {}, { clientId: "settings.clientId.is-missing" }],
	["oauth2", { clientId: CLIENT_ID }, {}],
	[
		"oauth2-else-oauth1",
		{},
		{ apiKey: "settings.apiKey.is-missing", clientId: "settings.clientId.is-missing" },
	],
	["oauth2-else-oauth1", { clientId: CLIENT_ID }, { apiKey: "settings.apiKey.is-missing" }],
	["oauth2-else-oauth1", { clientId: CLIENT_ID, apiKey: API_KEY }, {}],
] as const)("under %s with %j, what is missing is asked for", async (protocol, typed, asked) => {
	const change = { values: { protocol }, inherited: DEFAULTS };
	expect(await refused(typed, {}, change)).toEqual(asked);
	// The keys, or the protocol, of all brands count as well.
	const ofAllBrands = { ...DEFAULTS, clientId: CLIENT_ID, apiKey: API_KEY };
	expect(await refused({}, {}, { values: { protocol }, inherited: ofAllBrands })).toEqual({});
	expect(await refused(typed, {}, { inherited: { ...DEFAULTS, protocol } })).toEqual(asked);
});

test("where a helpdesk does not say what a brand inherits, nothing counts as missing", async () => {
	expect(await refused({}, {}, { values: { protocol: "oauth2" } })).toEqual({});
});

test.each([
	["Latin commas", "example.com, example.org; example.net", {}],
	["the marks of a Persian keyboard", "example.com، example.org؛example.net", {}],
	[
		"another mark",
		"example.com|example.org",
		{ allowedDomains: "settings.allowedDomains.not-a-domain" },
	],
])(
	"domains of a list may stand between %s, or are refused",
	async (_, allowedDomains, problems) => {
		expect(await refused({}, {}, { values: { allowedDomains } })).toEqual(problems);
	},
);
