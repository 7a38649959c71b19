// The setting that chooses X's protocol: which keys a brand then needs, and that no key is lost by choosing otherwise.
import { expect, test } from "vitest";
import { formsIn } from "../../../../src/testing/forms-in.ts";
import { HttpVisitor } from "../../../kit/helpdesk/http-visitor.ts";
import {
	API_KEY_SECRET,
	OAUTH2_KEYS,
	type OpenHelpdesk,
	openHelpdesk,
	setUpX,
} from "../../../kit/helpdesk/open-helpdesk.ts";

const INTEGRATIONS = "/admin/settings/general/integrations";
const X = `${INTEGRATIONS}/x-login`;
const ACORN = `${X}?brand=acorn`;
const ALL = `${X}?brand=*`;
const SWITCHES = "/admin/settings/users/social-login/x-login";

async function activated(): Promise<OpenHelpdesk> {
	const open = await openHelpdesk();
	await open.operator.open(`${open.portal}${INTEGRATIONS}`);
	await open.operator.submit(`${X}/activate`);
	return open;
}

async function save(open: OpenHelpdesk, path: string, fields: Readonly<Record<string, string>>) {
	await open.operator.open(`${open.portal}${path}`);
	return open.operator.submit(path, fields);
}

/** The sentence beside a field. */
function problemAt(html: string, setting: string): string {
	return new RegExp(`id="${setting}-problem"[^>]*>([^<]*)`).exec(html)?.[1] ?? "";
}

async function leadsTo({ portal }: OpenHelpdesk): Promise<string> {
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login`);
	return new URL((await visitor.submit("/login/x-login/start")).url).pathname;
}

test("a brand with OAuth 2.0 alone is complete without an API key, and works", async () => {
	const open = await activated();
	const { operator, portal } = open;
	const { clientId } = OAUTH2_KEYS;
	const saved = await save(open, ACORN, { protocol: "oauth2", ...OAUTH2_KEYS, action: "test" });
	expect(saved.html).toContain("X knows the Client ID and the Client Secret for OAuth 2.0.");
	expect(saved.html).toContain("Only a log-in shows whether the app with this Client ID");
	expect(saved.html).not.toContain("clock agrees");
	expect(saved.html).toContain(`value="${clientId}"`);

	await operator.open(`${portal}${INTEGRATIONS}`);
	expect(operator.seen.html).not.toContain("Needs set-up for Acorn Outdoor");
	expect(operator.seen.html).toContain("Needs set-up for Harbor Music: “API key”");
	await operator.open(`${portal}${SWITCHES}`);
	expect(operator.seen.html).not.toContain("Acorn Outdoor has no keys yet");
	await operator.submit(SWITCHES, { acorn: "on" });
	expect(await leadsTo(open)).toBe("/i/oauth2/authorize");
});

test.each([
	["oauth2", { clientId: "OAuth 2.0 needs a Client ID" }],
	[
		"oauth2-else-oauth1",
		{
			clientId: "OAuth 2.0 needs a Client ID",
			apiKey: "log-ins begin under OAuth 1.0a, which needs an API key",
		},
	],
] as const)("under %s a missing key is asked for beside its field", async (protocol, asked) => {
	const open = await activated();
	const before = (await open.storage.list(["plugin-settings"])).entries;

	const { status, html } = await save(open, ACORN, { protocol });
	expect(status).toBe(400);
	for (const [setting, sentence] of Object.entries(asked)) {
		expect(problemAt(html, setting)).toContain(sentence);
	}
	expect((await open.storage.list(["plugin-settings"])).entries).toEqual(before);
	// The page without the new setting, as a brand under OAuth 1.0a can always be saved.
	expect(await save(open, ACORN, { mode: "login-only" })).toMatchObject({ status: 200 });
});

test("a brand that chooses OAuth 2.0 may use the keys of all brands, and all brands may choose without keys", async () => {
	const open = await activated();
	expect(await save(open, ALL, { protocol: "oauth2" })).toMatchObject({ status: 200 });
	expect(await save(open, ACORN, { mode: "login-only" })).toMatchObject({ status: 400 });
	expect(problemAt(open.operator.seen.html, "clientId")).toContain("needs a Client ID");

	expect(await save(open, ALL, OAUTH2_KEYS)).toMatchObject({ status: 200 });
	const saved = await save(open, ACORN, { protocol: "oauth2", action: "test" });
	expect(saved.html).toContain("X knows the Client ID and the Client Secret for OAuth 2.0.");
	expect(saved.html).toContain("From all brands: client-id");
	await open.operator.open(`${open.portal}${SWITCHES}`);
	await open.operator.submit(SWITCHES, { acorn: "on" });
	expect(await leadsTo(open)).toBe("/i/oauth2/authorize");
});

test("a brand with one of two protocols' keys needs set-up until it has both", async () => {
	const open = await activated();
	const both = { protocol: "oauth2-else-oauth1", apiKey: "api-key", ...OAUTH2_KEYS };
	expect(await save(open, ACORN, both)).toMatchObject({ status: 200 });
	await open.operator.open(`${open.portal}${INTEGRATIONS}`);
	expect(open.operator.seen.html).toContain(
		"Needs set-up for Acorn Outdoor: “API key secret” is missing",
	);
	await save(open, ACORN, { ...both, apiKeySecret: API_KEY_SECRET, action: "test" });
	expect(open.operator.seen.html).toContain("X knows the keys for OAuth 1.0a");
	expect(open.operator.seen.html).toContain("X knows the Client ID and the Client Secret");
});

/** Sends the page as a browser without script does: with what its text fields show. */
async function saveAsShown(open: OpenHelpdesk, protocol: string) {
	await open.operator.open(`${open.portal}${ACORN}`);
	const { html } = open.operator.seen;
	const shown = ["apiKey", "clientId"].map((name): [string, string] => {
		const value = new RegExp(`<input id="${name}"[^>]* value="([^"]*)"`).exec(html)?.[1];
		return [name, value ?? expect.fail(`no field ${name}`)];
	});
	expect(formsIn(html).some(({ action }) => action === ACORN)).toBe(true);
	return open.operator.submit(ACORN, { ...Object.fromEntries(shown), protocol });
}

test("switching back and forth loses no key", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	expect(await leadsTo(open)).toBe("/oauth/authenticate");
	await save(open, ACORN, { protocol: "oauth2", apiKey: "api-key", ...OAUTH2_KEYS });
	for (const [protocol, path] of [
		["oauth1", "/oauth/authenticate"],
		["oauth2-else-oauth1", "/i/oauth2/authorize"],
		["oauth1", "/oauth/authenticate"],
		["oauth2", "/i/oauth2/authorize"],
	] as const) {
		expect(await saveAsShown(open, protocol)).toMatchObject({ status: 200 });
		expect(await leadsTo(open)).toBe(path);
	}
	await open.operator.submit(ACORN, { protocol: "oauth2", clientId: "client-id", action: "test" });
	expect(open.operator.seen.html).toContain("X knows the Client ID and the Client Secret");
});

test("a secret that only another protocol uses keeps nobody from switching the brand on", async () => {
	const open = await activated();
	await save(open, ACORN, { apiKey: "api-key", apiKeySecret: API_KEY_SECRET });
	await save(open, ACORN, { apiKey: "api-key", protocol: "oauth2", ...OAUTH2_KEYS });
	await save(open, ACORN, {
		clientId: "client-id",
		protocol: "oauth2",
		"apiKeySecret-remove": "on",
	});
	await open.operator.open(`${open.portal}${INTEGRATIONS}`);
	expect(open.operator.seen.html).not.toContain("Needs set-up for Acorn Outdoor");
});

test("the settings say with which choice they are of use, and those of all brands are never hidden", async () => {
	const open = await activated();
	const { html } = await open.operator.open(`${open.portal}${ACORN}`);
	expect(html).toContain("Only with “OAuth 2.0” or “OAuth 2.0, else 1.0a”.");
	expect(html).toContain('data-when="protocol" data-values="oauth2 oauth2-else-oauth1"');
	expect(html).toContain('<option value="" data-inherited="oauth1">As for all brands: OAuth 1.0a');
	expect((await open.operator.open(`${open.portal}${ALL}`)).html).not.toContain("data-when");
});
