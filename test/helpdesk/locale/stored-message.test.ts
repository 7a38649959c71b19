import { expect, test } from "vitest";
import { localeFor } from "../../../src/helpdesk/locale/locale.ts";
import { readMessage } from "../../../src/helpdesk/locale/stored-message.ts";

test("a stored message is read with the values that a text takes", () => {
	const values = { host: "mail.example", reply: "550", count: 2, other: null, list: ["a"] };

	const message = readMessage({ key: "mail-problem.log-in", values });

	expect(message).toEqual({
		key: "mail-problem.log-in",
		values: { host: "mail.example", reply: "550", count: 2 },
	});
	expect(localeFor(undefined, "en").say(message ?? expect.fail("no message"))).toBe(
		"the mail server mail.example does not accept the user and the password; check both: 550",
	);
});

test("a stored message keeps lists of words, which each language joins in its way", () => {
	const stored = { key: "merge.several", values: { typed: "a@b.c", ids: { either: ["1", "2"] } } };
	const message = readMessage(stored) ?? expect.fail("no message");

	expect(message).toEqual(stored);
	expect(localeFor(undefined, "en").say(message)).toContain("Enter one of their ids: 1 or 2.");
	expect(localeFor(undefined, "de").say(message)).toContain("1 oder 2.");
	const of = { addOn: "x", brands: { all: ["acorn", "harbor", "oak"] } };
	const job = readMessage({ key: "add-on-job.delete-links", values: of }) ?? expect.fail("no job");
	expect(localeFor(undefined, "en").say(job)).toBe(
		"Delete the links of x at acorn, harbor, and oak",
	);
	expect(localeFor(undefined, "fa").say(job)).toContain("acorn،\u200f harbor، و oak");
	expect(readMessage({ ...stored, values: { ids: { either: ["1", 2] } } })?.values).toEqual({});
});

test("a text with plural forms is a text as well", () => {
	expect(readMessage({ key: "email.resend.too-often" })?.key).toBe("email.resend.too-often");
});

test.each([
	["a message of a version that has another text", { key: "mail-problem.of-later", values: {} }],
	["a form of a text", { key: "email.resend.too-often#one" }],
	["a name of Object.prototype", { key: "constructor" }],
	["a sentence", "the mail server is away"],
	["nothing", undefined],
	["a key that is no text", { key: 7 }],
])("%s is no message", (_, stored) => {
	expect(readMessage(stored)).toBeUndefined();
});
