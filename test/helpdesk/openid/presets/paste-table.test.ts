import { expect, test } from "vitest";
import { secret } from "../../../../src/contract/secret.ts";
import {
	ENDPOINT_PATHS,
	type PasteClient,
	pasteTable,
} from "../../../../src/helpdesk/openid/presets/paste-table.ts";
import { PRESETS, presetOf } from "../../../../src/helpdesk/openid/presets/presets.ts";

const ISSUER = "https://help.example.com/oidc";
const CLIENT: PasteClient = {
	id: "osticket-0123456789ab",
	secret: secret("hush"),
	redirectUris: ["https://support.example.com/api/auth/oauth2"],
	postLogoutRedirectUris: ["https://support.example.com/"],
};

function rowsOf(id: string, client = CLIENT): readonly (readonly [string, string])[] {
	const preset = presetOf(id);
	return pasteTable(preset ?? { fields: [] }, client, ISSUER).map((row) => [
		row.label,
		row.isSecret ? (row.value?.reveal() ?? "") : row.value,
	]);
}

test("the table has the helpdesk's own names, in the order of its page", () => {
	expect(rowsOf("osticket")).toEqual([
		["Name", "X Login"],
		["Authentication Target", "End Users Only"],
		["Authentication Label", "X"],
		["Client Id", "osticket-0123456789ab"],
		["Client Secret", "hush"],
		["Callback Endpoint", "https://support.example.com/api/auth/oauth2"],
		["Authorization Endpoint", "https://help.example.com/oidc/auth"],
		["Token Endpoint", "https://help.example.com/oidc/token"],
		["Resource Details Endpoint", "https://help.example.com/oidc/me"],
		["Scopes", "openid profile email"],
		["User Identifier", "email"],
		["Given Name", "name"],
		["Email Address", "email"],
	]);
});

test("discovery, the end of a session and the page to return to are values, too", () => {
	expect(rowsOf("discourse")).toContainEqual([
		"openid connect discovery document",
		"https://help.example.com/oidc/.well-known/openid-configuration",
	]);
	expect(rowsOf("discourse")).toContainEqual([
		"openid connect rp initiated logout redirect",
		"https://support.example.com/",
	]);
	expect(rowsOf("hubspot")).toContainEqual([
		"End Session Endpoint",
		"https://help.example.com/oidc/session/end",
	]);
	expect(rowsOf("itop")).toContainEqual([
		"endpoints: api_base_url",
		"https://help.example.com/oidc/me?",
	]);
});

test("the secret alone is marked as one, and printing a table does not show it", () => {
	for (const preset of PRESETS) {
		const table = pasteTable(preset, CLIENT, ISSUER);
		expect(table.filter(({ isSecret }) => isSecret)).toHaveLength(
			preset.clientAuth === "none" ? 0 : 1,
		);
		expect(JSON.stringify(table)).not.toContain("hush");
	}
});

test("a secret that is not shown again has a row without a value", () => {
	const table = pasteTable(
		presetOf("osticket") ?? { fields: [] },
		{ ...CLIENT, secret: undefined },
		ISSUER,
	);
	expect(table).toContainEqual({ label: "Client Secret", value: undefined, isSecret: true });
});

test("every value is something to paste", () => {
	for (const { id } of PRESETS) {
		expect(rowsOf(id).filter(([, value]) => value === "")).toEqual([]);
	}
});

test("the endpoints are those of the provider's library", () => {
	expect(ENDPOINT_PATHS).toEqual({
		discovery: "/.well-known/openid-configuration",
		authorization: "/auth",
		token: "/token",
		userinfo: "/me",
		endSession: "/session/end",
	});
});
