import type { StorageValue } from "../../contract/storage.ts";
import { fieldsOf } from "../../storage/stored-value.ts";
import { isTextKey, type Message } from "./locale.ts";

/** A message as records hold it. */
export type StoredMessage = Pick<Message, "key" | "values">;

/** @returns undefined also for a message of another version, whose text this one lacks. */
export function readMessage(value: StorageValue | undefined): StoredMessage | undefined {
	const { key, values } = fieldsOf(value);
	if (typeof key !== "string" || !isTextKey(key)) {
		return undefined;
	}
	const given = Object.entries(fieldsOf(values)).filter(
		(entry): entry is [string, string | number] =>
			typeof entry[1] === "string" || typeof entry[1] === "number",
	);
	return { key, values: Object.fromEntries(given) };
}
