import { expect, test } from "vitest";
import { localeFor } from "../../../../src/helpdesk/locale/locale.ts";
import { ConnectionError } from "../../../../src/helpdesk/openid/presets/connection-error.ts";
import {
	isAsserted,
	neverAssertedList,
} from "../../../../src/helpdesk/openid/presets/never-asserted.ts";

/** What an English reader reads. */
function refusalOf(typed: readonly string[]): string {
	try {
		neverAssertedList(typed);
	} catch (error) {
		if (error instanceof ConnectionError) {
			return localeFor(undefined, "en").say(error.problem);
		}
		throw error;
	}
	throw new Error("accepted");
}

test("a list holds each address and domain once, in the form in which they are compared", () => {
	expect(
		neverAssertedList([
			" Agent@Example.COM ",
			"example.org",
			"@Example.org",
			"bücher.example",
			"xn--bcher-kva.example",
			"agent@example.com",
		]),
	).toEqual(["agent@example.com", "example.org", "xn--bcher-kva.example"]);
	expect(neverAssertedList([])).toEqual([]);
});

test.each([
	["", "an entry is empty"],
	["agent", "agent is neither"],
	["agent@", "is neither an e-mail address nor a domain"],
	["agent@localhost", "is neither an e-mail address nor a domain"],
	["a@b@example.com", "is neither an e-mail address nor a domain"],
	["192.0.2.1", "is neither an e-mail address nor a domain"],
	["https://example.com", "is neither an e-mail address nor a domain"],
	["example.com, example.org", "Enter one such as agent@example.com or example.com."],
	["*.example.com", "Enter the domain alone, such as example.com."],
	["*@example.com", "Enter the domain alone, such as example.com."],
	["\u212Aate@exampl\u212A.com", "is neither an e-mail address nor a domain"],
])("%j is refused", (typed, reason) => {
	const refusal = refusalOf(["agent@example.com", typed]);
	expect(refusal).toContain(reason);
	expect(refusal).toMatch(/^Never passed on: /);
});

test("a list of more than a thousand is refused", () => {
	const many = Array.from({ length: 1001 }, (_, index) => `a${index}.example`);
	expect(neverAssertedList(many.slice(1))).toHaveLength(1000);
	expect(refusalOf(many)).toContain("these are 1,001 entries");
});

test.each([
	["an address on the list", "agent@example.com"],
	["an address on the list in upper case", "AGENT@Example.COM"],
	["an address of a domain on the list", "ada@example.org"],
	["an address of a sub-domain of it", "ada@mail.eu.example.org"],
	["an address of a domain on the list in its own letters", "ada@bücher.example"],
	["an address of a sub-domain of it in its own letters", "ada@post.BÜCHER.example"],
	["an address of a domain on the list in full-width letters", "ada@ｅｘａｍｐｌｅ.org"],
	["a sub-address of an address on the list", "Agent+1+2@example.com"],
	["what is not an address", "agent"],
	["an address in letters that a mail server does not read", "\u212Aate@example.net"],
])("%s is not passed on", (_, email) => {
	const list = neverAssertedList(["agent@example.com", "example.org", "bücher.example"]);
	expect(isAsserted(email, list)).toBe(false);
});

test.each([
	"ada@example.com",
	"agent@mail.example.com",
	"ada@notexample.org",
	"ada@example.org.example.net",
	"agent.1@example.com",
	"other+agent@example.com",
	"ada@xn--bcher-kva.example.net",
])("%s is passed on", (email) => {
	const list = neverAssertedList(["agent@example.com", "example.org", "bücher.example"]);
	expect(isAsserted(email, list)).toBe(true);
});

test("an empty list keeps nothing back", () => {
	expect(isAsserted("ada@example.com", [])).toBe(true);
});

test("an entry that was stored in another spelling counts", () => {
	expect(isAsserted("agent@example.com", ["AGENT@example.com"])).toBe(false);
	expect(isAsserted("ada@mail.example.org", ["@Example.ORG"])).toBe(false);
});

test("an entry that cannot be read keeps every address back", () => {
	expect(isAsserted("ada@example.com", ["example.org", "*.example.net"])).toBe(false);
});
