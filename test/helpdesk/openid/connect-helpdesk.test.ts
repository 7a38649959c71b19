import { describe, expect, test } from "vitest";
import { localeFor } from "../../../src/helpdesk/locale/locale.ts";
import {
	type CheckedHelpdesk,
	checkHelpdesk,
	type TypedHelpdesk,
} from "../../../src/helpdesk/openid/connect-helpdesk.ts";
import { PRESETS, presetOf } from "../../../src/helpdesk/openid/presets/presets.ts";

const TYPED: TypedHelpdesk = {
	name: "Acorn Desk",
	address: "https://desk.example.org/",
	redirectUris: [],
	postLogoutRedirectUris: [],
	backChannelLogoutUri: null,
	neverAsserted: [],
	needsEmail: false,
	straightToX: false,
};

function preset(id: string) {
	const found = presetOf(id);
	if (found === undefined) {
		throw new Error(`there is no preset ${id}`);
	}
	return found;
}

function good(checked: CheckedHelpdesk) {
	if (checked.kind === "refused") {
		throw new Error(JSON.stringify(problems(checked)));
	}
	return checked.helpdesk;
}

/** What an English reader reads. */
function problems(checked: CheckedHelpdesk) {
	const { say } = localeFor(undefined, "en");
	const refused = checked.kind === "refused" ? [...checked.problems] : [];
	return Object.fromEntries(refused.map(([field, problem]) => [field, say(problem)]));
}

test("a preset knows all but the address", () => {
	const typed = { ...TYPED, name: "", address: "https://zammad.example.org" };
	expect(good(checkHelpdesk(preset("zammad"), typed, []))).toEqual({
		...{ preset: "zammad", name: "Zammad", address: "https://zammad.example.org" },
		redirectUris: ["https://zammad.example.org/auth/openid_connect/callback"],
		postLogoutRedirectUris: ["https://zammad.example.org/"],
		backChannelLogoutUri: "https://zammad.example.org/auth/openid_connect/backchannel_logout",
		...{ clientAuth: "none", signature: "RS256", pkce: true },
		...{ needsEmail: false, straightToX: false, neverAsserted: [] },
	});
});

test("every preset makes a helpdesk from the address of its example", () => {
	for (const each of PRESETS) {
		const address = each.address.example;
		const redirectUris = each.redirectShownAs === undefined ? [] : [`${address}/callback`];
		const made = good(checkHelpdesk(each, { ...TYPED, address, redirectUris }, []));
		expect([made.preset, made.address]).toEqual([each.id, address]);
		expect(made.redirectUris.length).toBeGreaterThan(0);
	}
});

test("what is typed counts, in the form in which it is compared", () => {
	const typed = {
		...TYPED,
		...{ name: " Our\u202e desk ", redirectUris: ["https://desk.example.org/callback"] },
		...{ neverAsserted: ["Agents.Example.org", "Boss@Example.org"] },
		...{ needsEmail: true, straightToX: true },
	};
	expect(good(checkHelpdesk(preset("another"), typed, []))).toMatchObject({
		...{ name: "Our desk", address: "https://desk.example.org" },
		...{ redirectUris: typed.redirectUris, needsEmail: true, straightToX: true },
		neverAsserted: ["agents.example.org", "boss@example.org"],
	});
});

test("every refusal names its field, and all of them come at once", () => {
	const typed = { ...TYPED, address: "http://desk.example.org", neverAsserted: ["nobody"] };
	const others = [{ name: "ACORN desk" }];
	expect(problems(checkHelpdesk(preset("zendesk"), typed, others))).toEqual({
		name: "Name: a helpdesk with the name Acorn Desk is connected already. Enter another name.",
		address: expect.stringMatching(/^Address of Zendesk: .* is not encrypted\./),
		neverAsserted: expect.stringMatching(/^Never passed on: nobody is neither/),
	});
	const elsewhere = { ...TYPED, redirectUris: ["https://evil.example.org/callback"] };
	expect(problems(checkHelpdesk(preset("another"), elsewhere, []))).toEqual({
		redirectUris: expect.stringMatching(/^Redirect URI: https:\/\/evil\.example\.org/),
	});
	expect(problems(checkHelpdesk(preset("another"), TYPED, []))).toEqual({
		redirectUris: expect.stringContaining("Redirect URI: there is none"),
	});
});

test("redirect URIs of the preset follow a new address, and others are checked against it", () => {
	const before = good(checkHelpdesk(preset("request-tracker"), TYPED, []));
	const moved = { ...TYPED, address: "https://rt.example.org" };
	const left = { ...moved, redirectUris: before.redirectUris };
	expect(good(checkHelpdesk(preset("request-tracker"), left, [], before)).redirectUris).toEqual([
		"https://rt.example.org/x-login/openid",
	]);
	const own = { ...TYPED, redirectUris: ["https://desk.example.org/own"] };
	const changed = good(checkHelpdesk(preset("request-tracker"), own, [], before));
	const kept = { ...moved, redirectUris: changed.redirectUris };
	expect(problems(checkHelpdesk(preset("request-tracker"), kept, [], changed))).toHaveProperty(
		"redirectUris",
	);
});

describe("the addresses of a log-out", () => {
	const ENTERED = {
		...{ ...TYPED, redirectUris: ["https://desk.example.org/callback"] },
		postLogoutRedirectUris: ["https://desk.example.org/goodbye"],
		backChannelLogoutUri: " https://desk.example.org/back-channel ",
	};

	test.each(["another", "another-without-pkce"])("count as they are entered for %s", (id) => {
		expect(good(checkHelpdesk(preset(id), ENTERED, []))).toMatchObject({
			postLogoutRedirectUris: ["https://desk.example.org/goodbye"],
			backChannelLogoutUri: "https://desk.example.org/back-channel",
		});
	});

	test.each(["", " ", null])("may be left out: %j", (backChannelLogoutUri) => {
		const typed = { ...ENTERED, postLogoutRedirectUris: [], backChannelLogoutUri };
		expect(good(checkHelpdesk(preset("another"), typed, []))).toMatchObject({
			...{ postLogoutRedirectUris: [], backChannelLogoutUri: null },
		});
	});

	test("follow from the address where the preset knows them, whatever is entered", () => {
		const typed = { ...ENTERED, redirectUris: [] };
		expect(good(checkHelpdesk(preset("request-tracker"), typed, []))).toMatchObject({
			postLogoutRedirectUris: ["https://desk.example.org/"],
			backChannelLogoutUri: "https://desk.example.org/x-login/openid?logout=backchannel",
		});
		expect(good(checkHelpdesk(preset("osticket"), typed, []))).toMatchObject({
			...{ postLogoutRedirectUris: [], backChannelLogoutUri: null },
		});
	});

	test("are the one address after a log-out for HubSpot, which chooses its own", () => {
		const uris = {
			redirectUris: ["https://sso.hubspot.example/callback"],
			postLogoutRedirectUris: ["https://sso.hubspot.example/out"],
		};
		expect(good(checkHelpdesk(preset("hubspot"), { ...ENTERED, ...uris }, []))).toMatchObject({
			...{ ...uris, backChannelLogoutUri: null },
		});
	});

	test.each([
		["http://desk.example.org/out", "is not encrypted"],
		["https://desk.example.org/out#top", "has a fragment"],
		["https://evil.example.org/out", "does not lie at the address of Another helpdesk"],
		["https://ada:word@desk.example.org/out", "has a user name or a password"],
		["https://DESK.example.org/out", "is not written as browsers write it"],
		["/out", "is not a web address"],
		["javascript:alert(1)", "is not a web address"],
	])("are refused at their fields: %s %s", (uri, reason) => {
		const typed = { ...ENTERED, postLogoutRedirectUris: [uri], backChannelLogoutUri: uri };
		const found = problems(checkHelpdesk(preset("another"), typed, []));
		expect(found).toEqual({
			postLogoutRedirectUris: expect.stringContaining(
				`Post-logout redirect URI: ${uri} ${reason}.`,
			),
			backChannelLogoutUri: expect.stringContaining(`Back-channel log-out URI: ${uri} ${reason}.`),
		});
	});

	test("of several, the wrong one is named by its number, and the same one twice is refused", () => {
		const [uri = ""] = ENTERED.postLogoutRedirectUris;
		const of = (postLogoutRedirectUris: readonly string[]) =>
			problems(checkHelpdesk(preset("another"), { ...ENTERED, postLogoutRedirectUris }, []));
		expect(of([uri, `${uri}#`])["postLogoutRedirectUris"]).toMatch(/^Post-logout redirect URI 2: /);
		expect(of([uri, uri])["postLogoutRedirectUris"]).toBe(
			`Post-logout redirect URI 2: ${uri} is the same as post-logout redirect URI 1. Remove one of them.`,
		);
	});

	test("are checked against a new address", () => {
		const before = good(checkHelpdesk(preset("another"), ENTERED, []));
		const moved = {
			...{ ...before, address: "https://new.example.org" },
			redirectUris: ["https://new.example.org/callback"],
		};
		expect(Object.keys(problems(checkHelpdesk(preset("another"), moved, [], before)))).toEqual([
			"postLogoutRedirectUris",
			"backChannelLogoutUri",
		]);
	});
});
