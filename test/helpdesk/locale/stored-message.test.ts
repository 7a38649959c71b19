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
