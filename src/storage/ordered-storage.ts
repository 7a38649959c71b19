import type { HostStorage, StorageCommit, StorageKey, StoragePage } from "../contract/storage.ts";
import { copyOfKey, movedCommit } from "../contract/storage-copies.ts";

export interface ListOptions {
	/** The cursor of the page before; left out for the first page. */
	readonly cursor?: string;
	/** The most entries in the page, see {@link HostStorage.list}. */
	readonly limit?: number;
	/**
	 * Only entries whose part after the prefix starts with this text. All pages of a list are asked for with the same
	 * text. An empty text leaves nothing out. A text that no part of a key can start with rejects with a TypeError: one
	 * that is not well-formed, or that makes the key longer than a key can be.
	 */
	readonly startsWith?: string;
}

/**
 * A storage that keeps its keys in order, so that it finds the start of a part without reading what lies before it. Our
 * own storages do. The contract does not ask it of a host. A wrapper that ignores `startsWith` gives more entries, so
 * the caller filters them once more.
 */
export interface OrderedStorage extends Omit<HostStorage, "list"> {
	list(prefix: StorageKey, options?: ListOptions): Promise<StoragePage>;
}

/** A commit of one namespace as a commit of the storage around it. */
export function placed(namespace: StorageKey, commit: StorageCommit): Required<StorageCommit> {
	return movedCommit(commit, placeIn(copyOfKey(namespace)));
}

/** @returns what turns a key of a namespace into the key in the storage around it. */
export function placeIn(namespace: StorageKey): (key: StorageKey) => StorageKey {
	return (key) => {
		if (key.length === 0) {
			throw new TypeError("a storage key needs at least one part");
		}
		return [...namespace, ...key];
	};
}
