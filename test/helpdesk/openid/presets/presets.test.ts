import { describe, expect, test } from "vitest";
import { isLoopback } from "../../../../src/contract/loopback.ts";
import { LANGUAGES, localeFor } from "../../../../src/helpdesk/locale/locale.ts";
import {
	helpdeskAddress,
	helpdeskRedirectUris,
} from "../../../../src/helpdesk/openid/presets/check-helpdesk.ts";
import { PRESETS, presetOf } from "../../../../src/helpdesk/openid/presets/presets.ts";

test("there is a preset for each helpdesk that takes an OpenID Provider, and one for others", () => {
	expect(PRESETS.map(({ name }) => name)).toEqual([
		"Request Tracker",
		"Zammad",
		"osTicket",
		"Zendesk",
		"Freshdesk",
		"NodeBB",
		"Znuny",
		"OTOBO",
		"GLPI",
		"iTop",
		"HubSpot",
		"Discourse",
		"Another helpdesk",
		"Another helpdesk, without PKCE",
	]);
});

test("a preset is found by its id, and by nothing else", () => {
	for (const preset of PRESETS) {
		expect(presetOf(preset.id)).toBe(preset);
	}
	expect(presetOf("Zammad")).toBeUndefined();
	expect(presetOf("")).toBeUndefined();
	expect(new Set(PRESETS.map(({ id }) => id)).size).toBe(PRESETS.length);
});

test("each helpdesk speaks the protocol as its documentation says", () => {
	const spoken = PRESETS.map(({ id, pkce, clientAuth, signing }) => [
		id,
		pkce,
		clientAuth,
		signing,
	]);
	expect(spoken).toEqual([
		["request-tracker", true, "client_secret_basic", "ES256"],
		["zammad", true, "none", "RS256"],
		["osticket", false, "client_secret_post", "RS256"],
		["zendesk", true, "client_secret_post", "RS256"],
		["freshdesk", false, "client_secret_post", "RS256"],
		["nodebb", false, "client_secret_post", "RS256"],
		["znuny", true, "client_secret_basic", "ES256"],
		["otobo", false, "client_secret_basic", "RS256"],
		["glpi", false, "client_secret_post", "RS256"],
		["itop", false, "client_secret_post", "RS256"],
		["hubspot", false, "client_secret_post", "RS256"],
		["discourse", true, "client_secret_basic", "RS256"],
		["another", true, "client_secret_basic", "RS256"],
		["another-without-pkce", false, "client_secret_basic", "RS256"],
	]);
});

describe.each(PRESETS)("the preset $id", (preset) => {
	const address = helpdeskAddress(preset, preset.address.example);
	const { fields } = preset;
	const values = fields.map(({ value }) => value);

	test("has an id that fits into a client id", () => {
		expect(preset.id).toMatch(/^[a-z][a-z0-9-]{0,40}$/);
	});

	test("asks for a secret unless the helpdesk has none, and then for PKCE", () => {
		expect(values.includes("clientSecret")).toBe(preset.clientAuth !== "none");
		expect(preset.pkce || preset.clientAuth !== "none").toBe(true);
	});

	test("names the client and where to find the provider", () => {
		expect(values).toContain("clientId");
		expect(
			values.includes("issuer") || values.includes("discovery") || values.includes("authorization"),
		).toBe(true);
	});

	test("gives each field of the helpdesk once", () => {
		const labels = fields.map(({ label }) => label);
		expect(new Set(labels).size).toBe(labels.length);
		expect(labels).not.toContain("");
	});

	test("has redirect URIs that the check accepts, or says where the helpdesk shows its own", () => {
		const uris = preset.redirectUris(address);
		expect(uris.length === 0).toBe(preset.redirectShownAs !== undefined);
		if (uris.length > 0) {
			expect(helpdeskRedirectUris(preset, address, uris)).toEqual(uris);
		}
	});

	test("returns to the helpdesk after a log-out, and tells it at its own address", () => {
		const uris = [...preset.postLogoutRedirectUris(address), preset.backChannelLogoutUri(address)];
		for (const uri of uris.filter((each) => each !== undefined)) {
			expect(new URL(uri).origin).toBe(address.origin);
		}
	});

	test("has the same URIs for an address with a slash at its end and one without", () => {
		const slashed = helpdeskAddress(preset, `${preset.address.example}/`);
		expect(preset.redirectUris(slashed)).toEqual(preset.redirectUris(address));
		expect(preset.postLogoutRedirectUris(slashed)).toEqual(preset.postLogoutRedirectUris(address));
		expect(preset.backChannelLogoutUri(slashed)).toEqual(preset.backChannelLogoutUri(address));
	});

	test("keeps the port of an address", () => {
		const { redirectUris } = preset;
		const local = new URL("https://helpdesk.test:8443/");
		for (const uri of redirectUris(local)) {
			expect(new URL(uri).host).toBe("helpdesk.test:8443");
		}
	});

	test("says how long a session lives on, where its fields are, and where the facts come from", () => {
		for (const sentence of [preset.ownSession, preset.linksByEmail ?? "Nothing."]) {
			expect(localeFor(undefined, "en").say(sentence)).toMatch(/^[A-Za-z0-9].*\.$/);
		}
		expect(preset.where).not.toBe("");
		expect(preset.sources.length).toBeGreaterThan(0);
		for (const source of preset.sources) {
			const { protocol, hostname } = new URL(source);
			expect(protocol).toBe("https:");
			expect(isLoopback(hostname)).toBe(false);
		}
	});
});

test.each([...LANGUAGES.keys()])(
	"in %s, how long a session lives on is a sentence of its own",
	(tag) => {
		const { text } = localeFor(undefined, tag);
		const values = { helpdesk: "Desk", field: "Field", session: "It lasts a day." };
		for (const key of ["told", "told-if-entered", "not-told", "not-told-signed"] as const) {
			const said = text(`helpdesk.paste.${key}`, values).replaceAll(
				/<\/?bdi>|[\u2066-\u2069]/g,
				"",
			);
			expect(said).toMatch(/\. It lasts a day\.$/);
		}
	},
);

test("only Request Tracker is tried in CI", () => {
	expect(PRESETS.filter(({ tried }) => tried === "in CI").map(({ id }) => id)).toEqual([
		"request-tracker",
	]);
});

test("a helpdesk that lets nobody in without an address says whose addresses to keep back", () => {
	expect(
		PRESETS.filter(({ needsEmail, linksByEmail }) => needsEmail && linksByEmail === undefined),
	).toEqual([]);
});
