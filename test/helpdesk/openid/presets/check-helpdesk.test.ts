import { describe, expect, test } from "vitest";
import { localeFor } from "../../../../src/helpdesk/locale/locale.ts";
import {
	helpdeskAddress,
	helpdeskRedirectUris,
} from "../../../../src/helpdesk/openid/presets/check-helpdesk.ts";
import { ConnectionError } from "../../../../src/helpdesk/openid/presets/connection-error.ts";
import type { Preset } from "../../../../src/helpdesk/openid/presets/preset.ts";
import { presetOf } from "../../../../src/helpdesk/openid/presets/presets.ts";

function preset(id: string): Preset {
	const found = presetOf(id);
	if (found === undefined) {
		throw new Error(`no preset ${id}`);
	}
	return found;
}

/** The field that was refused, and what an English reader reads. */
function errorOf(act: () => unknown) {
	try {
		act();
	} catch (error) {
		if (error instanceof ConnectionError) {
			const message = localeFor(undefined, "en").say(error.problem);
			return { field: error.field, message };
		}
		throw error;
	}
	throw new Error("accepted");
}

const OSTICKET = preset("osticket");
const ZAMMAD = preset("zammad");
const ANOTHER = preset("another");
const SUPPORT = new URL("https://support.example.com");

describe("the address of a helpdesk", () => {
	test.each([
		["https://support.example.com", "https://support.example.com/"],
		["  https://support.example.com/  ", "https://support.example.com/"],
		["https://SUPPORT.example.com:443", "https://support.example.com/"],
		["https://support.example.com/osticket", "https://support.example.com/osticket"],
		["https://hilfe.bücher.example", "https://hilfe.xn--bcher-kva.example/"],
		["http://127.0.0.1:8080/osticket", "http://127.0.0.1:8080/osticket"],
		["http://localhost:8080", "http://localhost:8080/"],
		["http://[::1]:8080", "http://[::1]:8080/"],
	])("%j is %s", (typed, href) => {
		expect(helpdeskAddress(OSTICKET, typed).href).toBe(href);
	});

	test.each([
		["", "Address of osTicket: it is empty. Enter one such as"],
		["support.example.com", "is not a web address"],
		["ftp://support.example.com", "is not a web address"],
		["javascript:alert(1)", "is not a web address"],
		["http://support.example.com", "is not encrypted"],
		["http://127.0.0.1.example.com", "is not encrypted"],
		["http://localhost.example.com", "is not encrypted"],
		["http://192.168.0.10", "is not encrypted"],
		["https://ada@support.example.com", "has a user name or a password"],
		["https://ada:word@support.example.com", "has a user name or a password"],
		["https://support.example.com/#home", "has a fragment"],
		["https://support.example.com/#", "has a fragment"],
		["https://support.example.com/?a=1", "has a question mark"],
		["https://support.example.com/?", "has a question mark"],
		["https://*.example.com", "has a wildcard"],
		["https://support.example.com:6000", "has the port 6000, and browsers open no page there"],
		[`https://support.example.com/${"a".repeat(1000)}`, "Enter at most 1,000"],
	])("%j is refused: %s", (typed, reason) => {
		const { field, message } = errorOf(() => helpdeskAddress(OSTICKET, typed));
		expect(field).toBe("address");
		expect(message).toMatch(/^Address of osTicket: .+\. ?[A-Z].*\.$/);
		expect(message).toContain(reason);
	});

	test("a path is refused where none belongs, with the address to enter", () => {
		expect(errorOf(() => helpdeskAddress(ZAMMAD, "https://zammad.example.com/desk")).message).toBe(
			"Address of Zammad: https://zammad.example.com/desk has a path. Enter the address without a path: https://zammad.example.com.",
		);
	});

	test("http is refused on loopback, too, for a helpdesk that works with https only", () => {
		expect(errorOf(() => helpdeskAddress(ZAMMAD, "http://127.0.0.1:8080")).message).toBe(
			"Address of Zammad: http://127.0.0.1:8080 is not encrypted. Zammad works with https only. Enter an address that begins with https://.",
		);
	});
});

describe("redirect URIs", () => {
	test.each([
		["https://support.example.com/cb"],
		["https://support.example.com"],
		["https://support.example.com/"],
		["https://support.example.com/customer.pl?Action=Login"],
		["https://support.example.com:443/cb"],
	])("%s is accepted as it is written", (uri) => {
		expect(helpdeskRedirectUris(ANOTHER, SUPPORT, [` ${uri} `])).toEqual([uri]);
	});

	test("http is accepted on loopback alone", () => {
		const local = new URL("http://127.0.0.1:8080");
		const uris = ["http://127.0.0.1:8080/cb"];
		expect(helpdeskRedirectUris(ANOTHER, local, uris)).toEqual(uris);
	});

	test.each([
		["", "it is empty. Enter one such as"],
		["/cb", "is not a web address"],
		["com.example.app:/cb", "is not a web address"],
		["http://support.example.com/cb", "is not encrypted"],
		["https://support.example.com/cb#top", "has a fragment"],
		["https://support.example.com/cb#", "has a fragment"],
		["https://ada:word@support.example.com/cb", "has a user name or a password"],
		["https://support.example.com/*", "has a wildcard"],
		["https://*.example.com/cb", "has a wildcard"],
		[`https://support.example.com/${"a".repeat(1000)}`, "Enter at most 1,000"],
		["https://support.example.com:10080/cb", "has the port 10080"],
		["https://other.example.com/cb", "does not lie at the address"],
		["https://support.example.com:8443/cb", "does not lie at the address"],
		["https://support.example.com.attacker.example/cb", "does not lie at the address"],
		["https://SUPPORT.example.com/cb", "is not written as browsers write it"],
		["https://support.example.com/a/../cb", "is not written as browsers write it"],
		["https://support.example.com\\cb", "is not written as browsers write it"],
		["https:support.example.com/cb", "is not written as browsers write it"],
		["https://support.example.com/a\nb", "is not written as browsers write it"],
		["https://support.example.com/c b", "is not written as browsers write it"],
	])("%j is refused: %s", (uri, reason) => {
		const { field, message } = errorOf(() => helpdeskRedirectUris(ANOTHER, SUPPORT, [uri]));
		expect(field).toBe("redirectUris");
		expect(message).toMatch(/^Redirect URI: [\s\S]+\. ?[A-Z].*\.$/);
		expect(message).toContain(reason);
	});

	test("a refusal says what to enter instead", () => {
		expect(
			errorOf(() => helpdeskRedirectUris(ANOTHER, SUPPORT, ["https://support.example.com/a/../cb"]))
				.message,
		).toBe(
			"Redirect URI: https://support.example.com/a/../cb is not written as browsers write it. Enter https://support.example.com/cb.",
		);
	});

	test("of several, the wrong one is named by its number", () => {
		const uris = ["https://support.example.com/cb", "https://support.example.com/cb#"];
		expect(errorOf(() => helpdeskRedirectUris(ANOTHER, SUPPORT, uris)).message).toMatch(
			/^Redirect URI 2: /,
		);
	});

	test("the same one twice is refused, in another spelling, too", () => {
		const uris = ["https://support.example.com/cb", "https://support.example.com:443/cb"];
		expect(errorOf(() => helpdeskRedirectUris(ANOTHER, SUPPORT, uris)).message).toBe(
			"Redirect URI 2: https://support.example.com:443/cb is the same as redirect URI 1. Remove one of them.",
		);
	});

	test("none at all is refused, with the name under which the helpdesk shows it", () => {
		expect(errorOf(() => helpdeskRedirectUris(preset("freshdesk"), SUPPORT, [])).message).toBe(
			'Redirect URI: there is none, and without one nobody comes back to Freshdesk. Copy "Redirect URL" from Freshdesk.',
		);
		expect(errorOf(() => helpdeskRedirectUris(OSTICKET, SUPPORT, [])).message).toContain(
			"Enter it.",
		);
	});

	test("more than ten are refused", () => {
		const uris = Array.from({ length: 11 }, (_, index) => `https://support.example.com/${index}`);
		expect(helpdeskRedirectUris(ANOTHER, SUPPORT, uris.slice(1))).toHaveLength(10);
		expect(errorOf(() => helpdeskRedirectUris(ANOTHER, SUPPORT, uris)).message).toContain(
			"these are 11",
		);
	});

	test("another origin is accepted for a helpdesk that chooses its redirect URI", () => {
		const uris = ["https://sso.example.net/sp/1"];
		expect(helpdeskRedirectUris(preset("freshdesk"), SUPPORT, uris)).toEqual(uris);
	});
});
