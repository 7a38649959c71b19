import type { StorageValue } from "../contract/storage.ts";

/** @throws TypeError for a value that JSON has no text for, such as one whose `toJSON` gives undefined. */
export function storedJson(value: StorageValue): string {
	const json: string | undefined = JSON.stringify(value);
	if (json === undefined) {
		throw new TypeError("a storage value must be JSON data");
	}
	return json;
}
