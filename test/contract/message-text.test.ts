import { html } from "hono/html";
import { expect, test } from "vitest";
import { messageText } from "../../src/contract/message-text.ts";
import { localeFor } from "../../src/helpdesk/locale/locale.ts";
import { markupOf } from "../../src/helpdesk/locale/markup-message.ts";
import { readCode } from "../../src/helpdesk/people/mailed-code.ts";

const inPersian = (text: string, values: Record<string, string | number>, tag = "fa") =>
	messageText({ key: text }, tag, "key", values);

test.each([
	["a day", "از {value}.", "2026-11-30 UTC", "از \u20682026-11-30 UTC\u2069."],
	["a code with a dash", "کد: {value}", "1234-9QWD", "کد: \u20681234-9QWD\u2069"],
	[
		"an address that starts with a digit",
		"به {value}",
		"0912@example.com",
		"به \u20680912@example.com\u2069",
	],
	["a name that starts with a number", "در {value}.", "3.14 Help", "در \u20683.14 Help\u2069."],
	["a name in capitals", "در {value}.", "ACME HELP", "در \u2068ACME HELP\u2069."],
	["a handle with its sign", "با @{value} وارد شوید", "ada_l", "با \u2068@ada_l\u2069 وارد شوید"],
	["a name that ends in a sign", "در {value}!", "Acorn (EU)", "در \u2068Acorn (EU)\u2069!"],
	["words that start with a name", "«{value}».", "OAuth 2.0 و ۱", "«\u2067OAuth 2.0 و ۱\u2069»."],
	["a number is the language's own", "{value} دقیقه", 12, "۱۲ دقیقه"],
])("%s keeps its direction in a sentence from right to left", (_, text, value, shown) => {
	expect(inPersian(text, { value })).toBe(shown);
	expect(inPersian(text, { value }, "fa-AF")).toBe(shown);
	expect(inPersian(text, {})).toBe(text);
});

test.each([
	["https://help.example.com/login?returnTo=/", "https://help.example.com/login?returnTo=/"],
	["1234 5678 9012", "1234\u00a05678\u00a09012"],
	["ada@example.com", "ada@example.com"],
	["mail.example.com", "mail.example.com"],
	["operator reset ada@example.com", "operator reset ada@example.com"],
])("what people copy out of it has no character that nobody sees: %s", (value, shown) => {
	expect(inPersian("کد: {value}.", { value })).toBe(`کد: ${shown}.`);
});

test("the code of a Persian letter is read as it is copied, and its digits stay in order", () => {
	const { text } = localeFor("fa", "en");
	const sentence = text("proof.mail-code", { code: "1234 5678 9012" });

	expect(sentence).toContain("1234\u00a05678\u00a09012");
	expect(sentence).not.toMatch(/[\u2066-\u2069]/);
	expect(readCode(sentence)).toBe("123456789012");
});

test("sentences from left to right have their values alone", () => {
	for (const tag of ["en", "de", "ru", "far", "pt-BR"]) {
		const value = "ada@example.com";
		expect(inPersian("to {value} or @{value}", { value }, tag)).toBe(`to ${value} or @${value}`);
		expect(String(markupOf("to {value}", { language: tag, values: { value } }))).toBe(
			`to ${value}`,
		);
	}
});

test("in markup, words in a script from right to left start at the right, whatever their first letter is", () => {
	const shown = (value: string) =>
		String(markupOf("«{value}»", { language: "fa", values: { value } }));

	expect(shown("OAuth 2.0، وگرنه 1.0a")).toBe(`«<bdi dir="rtl">OAuth 2.0، وگرنه 1.0a</bdi>»`);
	expect(shown("OAuth 2.0")).toBe("«<bdi>OAuth 2.0</bdi>»");
});

test("in markup a value from right to left is isolated, is escaped, and stays what it is where it is markup", () => {
	const values = { value: "<b>ada@example.com", count: 3, part: html`<time>now</time>` };

	expect(String(markupOf("به {value} {count} {part}", { language: "fa", values }))).toBe(
		"به <bdi>&lt;b&gt;ada@example.com</bdi> ۳ <time>now</time>",
	);
});
