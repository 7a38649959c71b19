import type { MessageValues } from "../../contract/message-text.ts";
import { StorageError, type StorageValue } from "../../contract/storage.ts";
import { fieldsOf } from "../../storage/stored-value.ts";
import { type Locale, localeFor, type Message, type TextKey } from "./locale.ts";

/** What operators read: a message, or a sentence that is the same in every language, such as a program's. */
export type Said = Message | string;

/** A message in the storage. Its key is that of the version that wrote it. */
export type StoredMessage = {
	readonly key: string;
	readonly values: MessageValues;
};

/** Values that are longer in all are not stored: the English sentence stays, which is cut. */
const LONGEST_VALUES = 1_000;

/** An error that operators read, each in their language. The log has it in English. */
export class SaidError extends Error {
	constructor(
		readonly said: Said,
		options?: ErrorOptions,
	) {
		super(inEnglish(said), options);
	}
}

/** A storage cannot do something now. A job waits for it, and operators read why. */
export class SaidStorageError extends StorageError {
	constructor(readonly said: Said) {
		super(inEnglish(said));
	}
}

/** What operators read about an error. */
export function saidBy(error: unknown): Said {
	if (error instanceof SaidError || error instanceof SaidStorageError) {
		return error.said;
	}
	return error instanceof Error ? error.message : String(error);
}

export function saidIn({ say }: Locale, said: Said): string {
	return typeof said === "string" ? said : say(said);
}

/** For the log, and for versions that knew no other language. */
export function inEnglish(said: Said): string {
	return saidIn(localeFor(undefined, "en"), said);
}

/** @returns null for a sentence that is the same in every language. */
export function storedMessage(said: Said | undefined): StoredMessage | null {
	if (said === undefined || typeof said === "string") {
		return null;
	}
	const { key, values = {} } = said;
	return Object.values(values).join("").length > LONGEST_VALUES ? null : { key, values };
}

/** @returns null for a value that is none, also where an earlier version stored nothing. */
export function readMessage(value: StorageValue | undefined): StoredMessage | null {
	const { key, values } = fieldsOf(value);
	const known = Object.entries(fieldsOf(values)).flatMap(([name, each]) =>
		typeof each === "string" || typeof each === "number" ? [[name, each] as const] : [],
	);
	return typeof key === "string" ? { key, values: Object.fromEntries(known) } : null;
}

/** What was stored. @param english stands for a message of another version's, and where there was none. */
export function saidAgain(stored: StoredMessage | null, english: string): Said {
	return stored !== null && isText(stored.key)
		? { key: stored.key, values: stored.values }
		: english;
}

function isText(key: string): key is TextKey {
	return localeFor(undefined, "en").text(key as TextKey) !== key;
}
