/**
 * A path of non-empty, well-formed strings, at most 512 UTF-8 bytes in all, those of its namespace included:
 * `["pending", hash]`.
 */
export type StorageKey = readonly string[];

/** What can be stored: anything JSON carries unchanged. */
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
	/** Opaque, new with every write of the key and never used again for it. */
	readonly version: string;
}

/** The key has this version now; `null` means "is not there". An expired entry counts as not there. */
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
		/** Milliseconds since the epoch; from this instant on, by the host's clock, the entry is gone. */
		readonly expiresAt?: number;
	}[];
	readonly deletes?: readonly StorageKey[];
}

export interface StoragePage {
	readonly entries: readonly StorageEntry[];
	/** Pass it to the next {@link HostStorage.list}; absent on the last page. */
	readonly cursor?: string;
}

/**
 * The engine behind a storage cannot answer now: it is away, full, or does not keep up. Nothing is half done, and the same
 * may be tried again.
 */
export class StorageError extends Error {
	override readonly name = "StorageError";
}

/** By its name: a plugin's bundle carries a copy of the class of its own. */
export function isStorageError(error: unknown): boolean {
	return error instanceof Error && error.name === "StorageError";
}

/**
 * Durable key-value storage of one namespace; no key of another namespace can be reached through it.
 *
 * Expiry is exact: an entry is readable while `clock.now() < expiresAt` and never after, whenever the
 * engine gets round to sweeping it. All methods reject with a {@link StorageError} when the engine cannot
 * answer; nothing is half done then.
 */
export interface HostStorage {
	get(key: StorageKey): Promise<StorageEntry | undefined>;

	/**
	 * All of it or nothing, isolated from every other commit on every node.
	 *
	 * @returns false when a check failed; then nothing was written.
	 */
	commit(commit: StorageCommit): Promise<boolean>;

	/** Reads and deletes in one step: of any number of simultaneous callers exactly one gets the entry. */
	take(key: StorageKey): Promise<StorageEntry | undefined>;

	/**
	 * The entries whose key starts with these parts (and has more), in a stable order. An entry that is there
	 * throughout is listed exactly once; one written or deleted meanwhile may be missed or shown.
	 *
	 * @param options.limit at most this many entries in the page; 100 without it.
	 */
	list(
		prefix: StorageKey,
		options?: { readonly cursor?: string; readonly limit?: number },
	): Promise<StoragePage>;
}
