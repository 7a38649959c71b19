import { expect, test } from "vitest";
import { StorageError } from "../../../src/contract/storage.ts";
import { localeFor } from "../../../src/helpdesk/locale/locale.ts";
import { SaidError, SaidStorageError, saidBy } from "../../../src/helpdesk/locale/said.ts";
import {
	readMessage,
	saidAgain,
	storedMessage,
} from "../../../src/helpdesk/locale/stored-message.ts";

const MESSAGE = { key: "register.mail-subject", values: { brand: "Acorn" } } as const;
const ENGLISH = "Finish registering at Acorn";

test("an error that operators read is English in the log, and in their language on a page", () => {
	for (const error of [new SaidError(MESSAGE), new SaidStorageError(MESSAGE)]) {
		expect(error.message).toBe(ENGLISH);
		const german = localeFor(undefined, "de").say(saidBy(error));
		expect(german).toContain("Acorn");
		expect(german).not.toBe(ENGLISH);
	}
	expect(new SaidStorageError(MESSAGE)).toMatchObject({ name: new StorageError("").name });
});

test.each([
	["an error of a program", new Error("ECONNRESET"), "ECONNRESET"],
	["what is no error", "ECONNRESET", "ECONNRESET"],
	["an error with a field of that name", Object.assign(new Error("no"), { said: 1 }), "no"],
])("%s says the same in every language", (_, error, sentence) => {
	expect(localeFor(undefined, "de").say(saidBy(error))).toBe(sentence);
});

test.each([
	["a message", MESSAGE],
	[
		"a message with another one in it",
		{ key: "register.mail-subject", values: { brand: MESSAGE } },
	],
] as const)("%s that was stored is a message again, for readers of any language", (_, message) => {
	expect(readMessage(JSON.parse(JSON.stringify(storedMessage(message))))).toEqual(message);
});

test("a sentence that a node of an earlier version wrote later counts more than the message beside it", () => {
	expect(saidAgain(MESSAGE, ENGLISH)).toBe(MESSAGE);
	expect(saidAgain(MESSAGE, ENGLISH.slice(0, 9))).toBe(MESSAGE);
	expect(saidAgain(MESSAGE, "the storage is away")).toBe("the storage is away");
	expect(saidAgain(null, ENGLISH)).toBe(ENGLISH);
});

test.each([
	["a record of an earlier version", undefined],
	["a sentence that is the same in every language", storedMessage(ENGLISH)],
	["a message of a later version", { key: "register.not-yet-invented", values: {} }],
	[
		"a message whose values are too long",
		storedMessage({ ...MESSAGE, values: { brand: "x".repeat(1_001) } }),
	],
	["a value that is no message", ["register.mail-subject"]],
])("%s is no message, and its English sentence is shown", (_, stored) => {
	expect(readMessage(stored)).toBeUndefined();
});
