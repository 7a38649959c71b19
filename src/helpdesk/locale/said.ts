import { isStorageError, StorageError } from "../../contract/storage.ts";
import { BusyEntryError } from "../../contract/update-entry.ts";
import { SlowHookError } from "../../routes/hook-in-time.ts";
import { UnreadableValueError } from "../../storage/stored-value.ts";
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
	constructor(
		readonly said: Said,
		options?: ErrorOptions,
	) {
		super(inEnglish(said), options);
	}
}

/** In characters. What others wrote is a part of what operators read about an error. */
const MOST_DETAIL = 500;

/** What operators read about an error. */
export function saidBy(error: unknown): Said {
	if (error instanceof SaidError || error instanceof SaidStorageError) {
		return error.said;
	}
	const message = error instanceof Error ? error.message : String(error);
	return messageOf(error) ?? message;
}

/** The message of an error from below, where nothing knows texts. */
function messageOf(error: unknown): Message | undefined {
	if (error instanceof BusyEntryError) {
		return { key: "problem.busy" };
	}
	if (error instanceof UnreadableValueError && error.count === 1) {
		const { kind, problems } = error;
		return problems.length === 0
			? { key: "problem.unreadable", values: { kind } }
			: {
					key: "problem.unreadable-because",
					values: { kind, problems: detail(problems.join("; ")) },
				};
	}
	if (error instanceof SlowHookError) {
		return { key: "problem.slow", values: { seconds: error.seconds } };
	}
	// The engine behind the storage says in English what is wrong.
	return error instanceof Error && isStorageError(error)
		? { key: "problem.storage", values: { detail: detail(error.message) } }
		: undefined;
}

function detail(written: string): string {
	return written.slice(0, MOST_DETAIL);
}

/** For the log, and for versions that knew no other language. */
export function inEnglish(said: Said): string {
	return localeFor(undefined, "en").say(said);
}
