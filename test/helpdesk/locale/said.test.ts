import { expect, test } from "vitest";
import { StorageError } from "../../../src/contract/storage.ts";
import { BusyEntryError } from "../../../src/contract/update-entry.ts";
import { localeFor } from "../../../src/helpdesk/locale/locale.ts";
import { SaidError, SaidStorageError, saidBy } from "../../../src/helpdesk/locale/said.ts";
import {
	readMessage,
	saidAgain,
	storedMessage,
} from "../../../src/helpdesk/locale/stored-message.ts";
import { SlowHookError } from "../../../src/routes/hook-in-time.ts";
import { UnreadableValueError } from "../../../src/storage/stored-value.ts";

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
	["an entry with too many writers", new BusyEntryError("other writers"), /^andere haben/],
	[
		"a stored value",
		new UnreadableValueError("people/name"),
		/unter people\/name ist nicht lesbar/,
	],
	[
		"a stored value with problems",
		new UnreadableValueError("people/name", 1, ["it is a number", "it is odd"]),
		/nicht lesbar .*: it is a number; it is odd$/,
	],
	["a slow hook", new SlowHookError(10), /nach 10 Sekunden noch nicht fertig/],
	["a storage", new StorageError("no disk"), /^der Speicher kann .*: no disk$/],
	[
		"a storage, as a plugin's own copy of the class says it",
		Object.assign(new Error("no disk"), { name: "StorageError" }),
		/^der Speicher kann .*: no disk$/,
	],
])(
	"the error of %s, where nothing knows texts, is in the reader's language",
	(_, error, sentence) => {
		expect(localeFor(undefined, "de").say(saidBy(error))).toMatch(sentence);
	},
);

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

test("what a plugin or an engine wrote is cut, so that it does not fill a page", () => {
	const sentence = localeFor(undefined, "en").say(saidBy(new StorageError("x".repeat(100_000))));
	expect(sentence).toMatch(/x{500}/);
	expect(sentence.length).toBeLessThan(600);
});
