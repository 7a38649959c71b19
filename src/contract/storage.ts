/**
 * A path of non-empty, well-formed strings, such as `["pending", hash]`. Together with its namespace it has at most 512
 * UTF-8 bytes.
 */
export type StorageKey = readonly string[];

/** A value that can be stored: anything that JSON keeps unchanged. */
export type StorageValue =
	| null
	| boolean
	| number
	| string
	| readonly StorageValue[]
	| { readonly [name: string]: StorageValue };

export interface StorageEntry<Value extends StorageValue = StorageValue> {
	readonly key: StorageKey;
	readonly value: Value;
	/** Opaque. New with every write of the key, and never used again for it. */
	readonly version: string;
}

/** Holds if the key has this version now; `null` means that there is no entry. An expired entry counts as none. */
export interface StorageCheck {
	readonly key: StorageKey;
	readonly version: string | null;
}

export interface StorageCommit {
	/** The commit happens only if all of these hold. */
	readonly checks?: readonly StorageCheck[];
	readonly sets?: readonly {
		readonly key: StorageKey;
		readonly value: StorageValue;
		/** The instant, by the host's clock, from which on the entry is gone. Milliseconds since the epoch. */
		readonly expiresAt?: number;
	}[];
	readonly deletes?: readonly StorageKey[];
}

export interface StoragePage {
	readonly entries: readonly StorageEntry[];
	/** The cursor for the next call of {@link HostStorage.list}; absent on the last page. */
	readonly cursor?: string;
}

/**
 * The engine behind a storage cannot answer now, because it is away, full or overloaded. Nothing is half done, and the
 * caller may try again.
 */
export class StorageError extends Error {
	override readonly name = "StorageError";
}

/** Compares the name of the error, because a plugin's bundle has its own copy of the class. */
export function isStorageError(error: unknown): boolean {
	return error instanceof Error && error.name === "StorageError";
}

/**
 * Durable key-value storage of one namespace. No key of another namespace can be reached through it.
 *
 * Expiry is exact: an entry is readable while `clock.now() < expiresAt` and never after, even if the engine sweeps it
 * later. All methods reject with a {@link StorageError} when the engine cannot answer. Nothing is half done then.
 */
export interface HostStorage {
	get(key: StorageKey): Promise<StorageEntry | undefined>;

	/**
	 * Writes everything or nothing, isolated from every other commit on every node.
	 *
	 * A commit that the contract does not allow rejects with a TypeError, and nothing of it is written: one with a key
	 * that is none, a value that is not JSON data (at most 100 arrays and objects inside each other, and a million values
	 * in all), an `expiresAt` that is not a finite number, a version that is neither a string nor null, or with more than
	 * 10,000 checks, sets and deletes together.
	 *
	 * @returns false when a check failed. Then nothing was written.
	 */
	commit(commit: StorageCommit): Promise<boolean>;

	/** Reads and deletes in one step. Of any number of simultaneous callers exactly one gets the entry. */
	take(key: StorageKey): Promise<StorageEntry | undefined>;

	/**
	 * Lists the entries whose keys start with these parts and have more, in a stable order. An entry that exists
	 * throughout is listed exactly once. An entry that is written or deleted meanwhile may be listed or not.
	 *
	 * No cursor leads out of the prefix. One that is not of a list of this prefix rejects with a TypeError, whatever
	 * string it is.
	 *
	 * @param options.cursor the cursor of the page before; left out for the first page.
	 * @param options.limit the most entries in the page: a whole number above zero, or the list rejects with a TypeError.
	 * 100 by default. A page has at most 1000 entries, whatever the limit.
	 */
	list(
		prefix: StorageKey,
		options?: { readonly cursor?: string; readonly limit?: number },
	): Promise<StoragePage>;
}
