import type { HostStorage, StorageEntry, StorageKey } from "../contract/storage.ts";
import { copyOfKey, movedCommit } from "../contract/storage-copies.ts";
import { type OrderedStorage, placeIn } from "./ordered-storage.ts";

/**
 * A storage inside another one. No key given to it can reach anything outside its namespace, and no entry outside its
 * namespace is returned, even if the other storage gives one.
 *
 * @returns a storage that knows `startsWith`. In a storage that does not know it, pages have fewer entries than asked
 * for, and the list takes as many pages as without it.
 */
export function namespaced(storage: HostStorage, namespace: StorageKey): OrderedStorage {
	const place = copyOfKey(namespace);
	const inside = placeIn(place);
	const outside = ({ key, value, version }: StorageEntry): StorageEntry => ({
		key: key.slice(place.length),
		value,
		version,
	});
	return {
		get: async (key) => {
			const at = inside(copyOfKey(key));
			const entry = await storage.get(at);
			return entry && outside(checked(entry, isAt(entry.key, at)));
		},
		take: async (key) => {
			const at = inside(copyOfKey(key));
			const entry = await storage.take(at);
			return entry && outside(checked(entry, isAt(entry.key, at)));
		},
		commit: async (commit) => storage.commit(movedCommit(commit, inside)),
		list: async (prefix, options) => {
			const below = [...place, ...copyOfKey(prefix)];
			const { entries, cursor } = await storage.list(below, options);
			const text = options?.startsWith ?? "";
			return {
				entries: entries
					.map((entry) => checked(entry, isBelow(entry.key, below)))
					.filter(({ key }) => text === "" || key[below.length]?.startsWith(text))
					.map(outside),
				...(cursor !== undefined && { cursor }),
			};
		},
	};
}

function isAt(key: StorageKey, asked: StorageKey): boolean {
	return key.length === asked.length && startsWith(key, asked);
}

function isBelow(key: StorageKey, prefix: StorageKey): boolean {
	return key.length > prefix.length && startsWith(key, prefix);
}

function startsWith(key: StorageKey, start: StorageKey): boolean {
	return start.every((part, index) => key[index] === part);
}

/** @throws Error without the entry, which belongs to somebody else. */
function checked(entry: StorageEntry, isOurs: boolean): StorageEntry {
	if (!isOurs) {
		throw new Error("the storage gave an entry that was not asked for");
	}
	return entry;
}
