import { expect, test } from "vitest";
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
		throw new Error([...checked.problems.values()].join(" "));
	}
	return checked.helpdesk;
}

function problems(checked: CheckedHelpdesk) {
	return checked.kind === "refused" ? Object.fromEntries(checked.problems) : {};
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
