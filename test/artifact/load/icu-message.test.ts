import { expect, test } from "vitest";
import {
	isIcuMessage,
	readIcuMessage,
	textsOfMessage,
} from "../../../src/artifact/load/icu-message.ts";
import { messageText } from "../../../src/contract/message-text.ts";

const texts = (message: string, tag: string) => {
	const { pluralCategories } = new Intl.PluralRules(tag).resolvedOptions();
	return Object.fromEntries(
		[...textsOfMessage(readIcuMessage(message), pluralCategories)].map(([form, text]) => [
			`key${form}`,
			text,
		]),
	);
};
const shown = (message: string, tag: string, values: Readonly<Record<string, string | number>>) =>
	messageText(texts(message, tag), tag, "key", values);

test.each([
	["Hello {name}", false],
	["l'{name}", false],
	["{", false],
	["{count, plural, other {#}}", true],
	["{ page , select, other {}}", true],
])("%j is a message: %j", (text, isMessage) => {
	expect(isIcuMessage(text)).toBe(isMessage);
});

test("a text with {name} alone is shown as it is: an apostrophe is an apostrophe", () => {
	expect(messageText({ key: "l'{name}, d'accord" }, "fr", "key", { name: "autre" })).toBe(
		"l'autre, d'accord",
	);
});

test("in a message, an apostrophe before a brace quotes it, as ICU says, and is refused", () => {
	const quoted = "{count, plural, one {l'{name}} other {les {name}}}";

	expect(() => texts(quoted, "fr")).toThrow("it is not an ICU message");
	expect(() => texts("{count, plural, other {'{name}' # {name}}}", "fr")).toThrow(
		"an apostrophe quotes before a brace",
	);
	expect(
		shown("{count, plural, one {l’{name}} other {d''autres {name}}}", "fr", {
			count: 2,
			name: "x",
		}),
	).toBe("d'autres x");
});

test.each([
	["en", 1, "1 minute"],
	["en", 2, "2 minutes"],
	["en", 1000, "1,000 minutes"],
	["ru", 21, "21 минуту"],
	["ru", 3, "3 минуты"],
	["ru", 11, "11 минут"],
	["fa", 12, "۱۲ دقیقه"],
])("in %s, %d is %s", (tag, minutes, words) => {
	const messages = {
		en: "{minutes, plural, one {# minute} other {# minutes}}",
		ru: "{minutes, plural, one {# минуту} few {# минуты} many {# минут} other {# минуты}}",
		fa: "{minutes, plural, one {# دقیقه} other {# دقیقه}}",
	};

	expect(shown(messages[tag as "en"], tag, { minutes })).toBe(words);
});

test("an exact form comes before a plural form", () => {
	const message = "{users, plural, =0 {Nobody} one {One user} other {# users}} of {brand}";

	expect([0, 1, 2].map((users) => shown(message, "en", { users, brand: "Acorn" }))).toEqual([
		"Nobody of Acorn",
		"One user of Acorn",
		"2 users of Acorn",
	]);
});

test("a select takes the value or else other, and choices combine", () => {
	const message =
		"{page, select, login {Log in} other {Go on}}{left, plural, one {, # try left} other {, # tries left}}";

	expect(shown(message, "en", { page: "login", left: 1 })).toBe("Log in, 1 try left");
	expect(shown(message, "en", { page: "constructor", left: 3 })).toBe("Go on, 3 tries left");
	expect(shown(message, "en", { left: 3 })).toBe("Go on, 3 tries left");
});

test("the value that chooses may be left out of a form, another may not", () => {
	expect(shown("{n, plural, one {the newest} other {the # newest}}", "en", { n: 1 })).toBe(
		"the newest",
	);
	expect(() => texts("{n, plural, one {no name} other {{name}}}", "en")).toThrow(
		"its form “one” lacks {name}",
	);
});

test.each([
	["{n, plural, one {#}}", "it is not an ICU message"],
	["{n, plural, offset:1 one {#} other {#}}", "an offset or ordinal numbers"],
	["{n, selectordinal, one {#st} other {#th}}", "an offset or ordinal numbers"],
	["{n, number}", "a number, date or time with a type"],
	["{n, date, short}", "a number, date or time with a type"],
	["{n, plural, other {#}} {n, select, other {}}", "both a plural and a select"],
	[
		["a", "b", "c", "d", "e", "f", "g"].map((n) => `{${n}, select, x {} other {}}`).join(""),
		"more than 100 combinations",
	],
])("%j is refused", (message, why) => {
	expect(() => texts(message, "en")).toThrow(why);
});
