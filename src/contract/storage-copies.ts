import type { StorageCommit, StorageKey } from "./storage.ts";

/** More parts than any key has: each has at least one of 512 bytes. */
const MOST_PARTS = 512;

/**
 * A caller's key as a plain array of strings. Whatever the caller's object does when it is read again, or later, the
 * key that was checked is the key that is used.
 *
 * @throws TypeError for anything but an array of strings.
 */
export function copyOfKey(key: StorageKey): string[] {
	const parts = itemsOf(key, MOST_PARTS);
	if (parts.some((part) => typeof part !== "string")) {
		throw new TypeError("a storage key has a part that is not a string");
	}
	return parts;
}

/** A caller's commit as plain arrays with keys of their own, see {@link copyOfKey}. */
export function copyOfCommit({
	checks = [],
	sets = [],
	deletes = [],
}: StorageCommit): Required<StorageCommit> {
	return {
		checks: itemsOf(checks).map(({ key, version }) => ({ key: copyOfKey(key), version })),
		sets: itemsOf(sets).map(({ key, value, expiresAt }) => ({
			key: copyOfKey(key),
			value,
			...(expiresAt !== undefined && { expiresAt }),
		})),
		deletes: itemsOf(deletes).map(copyOfKey),
	};
}

/** Reads each item once, and by its index: an array's iterator and its methods may be the caller's own. */
function itemsOf<Item>(list: readonly Item[], most = Number.POSITIVE_INFINITY): Item[] {
	const length = Array.isArray(list) ? list.length : -1;
	if (length < 0 || length > most) {
		throw new TypeError(
			`storage keys, checks, sets and deletes must be arrays, and a key has at most ${MOST_PARTS} parts`,
		);
	}
	const items: Item[] = [];
	for (let index = 0; index < length; index += 1) {
		items.push(list[index] as Item);
	}
	return items;
}
