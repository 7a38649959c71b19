import type { StorageValue } from "../../contract/storage.ts";
import { fieldsOf } from "../../storage/stored-value.ts";
import { isTextKey, type Listed, type Message } from "./locale.ts";
import { inEnglish, type Said } from "./said.ts";

/** Values that are longer in all are not stored: the English sentence stays, which is cut. */
const LONGEST_VALUES = 1_000;

/** @returns null for a sentence that is the same in every language. */
export function storedMessage(said: Said | undefined): Message | null {
	if (said === undefined || typeof said === "string") {
		return null;
	}
	return JSON.stringify(said.values ?? {}).length > LONGEST_VALUES ? null : said;
}

/** @returns undefined also for a message of another version, whose text this one lacks. */
export function readMessage(value: StorageValue | undefined): Message | undefined {
	const { key, values } = fieldsOf(value);
	if (typeof key !== "string" || !isTextKey(key)) {
		return undefined;
	}
	const given = Object.entries(fieldsOf(values)).flatMap(([name, each]) => {
		const isPlain = typeof each === "string" || typeof each === "number";
		const known = isPlain ? each : (readListed(each) ?? readMessage(each));
		return known === undefined ? [] : [[name, known] as const];
	});
	return { key, values: Object.fromEntries(given) };
}

function readListed(value: StorageValue | undefined): Listed | undefined {
	const { all, either } = fieldsOf(value);
	return isWords(all) ? { all } : isWords(either) ? { either } : undefined;
}

function isWords(value: StorageValue | undefined): value is readonly string[] {
	return Array.isArray(value) && value.every((each) => typeof each === "string");
}

/**
 * What was stored.
 *
 * @param english what was stored beside the message. It counts where both differ: a node of an earlier version writes it alone,
 * and keeps the message that it does not know.
 */
export function saidAgain(message: Message | null, english: string): Said {
	return message !== null && inEnglish(message).startsWith(english) ? message : english;
}
