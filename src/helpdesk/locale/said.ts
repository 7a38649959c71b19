import { StorageError } from "../../contract/storage.ts";
import { localeFor, type Message } from "./locale.ts";

/** What operators read: a message, or a sentence that is the same in every language, such as a program's. */
export type Said = Message | string;

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

/** For the log, and for versions that knew no other language. */
export function inEnglish(said: Said): string {
	return localeFor(undefined, "en").say(said);
}
