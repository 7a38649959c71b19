import type { StorageCheck, StorageCommit, StorageKey } from "./storage.ts";

type StorageSet = Required<StorageCommit>["sets"][number];

/** More parts than any key has: each has at least one of 512 bytes. */
const MOST_PARTS = 512;
/** The most checks, sets and deletes of a commit, together. Ours have about 2000: a page of a list, and a new version's. */
const MOST_ITEMS = 10_000;
/** A value of more parts would keep the process busy. One of them may be a long string. */
const MOST_VALUES = 1_000_000;
const MOST_DEPTH = 100;

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

/**
 * A commit whose lists and keys are our own. Only {@link copyOfCommit} makes one, and code that is not the host's never
 * holds one. So the storage inside another storage trusts what the outer one has copied.
 */
class CopiedCommit implements Required<StorageCommit> {
	readonly #isCopied = true;

	constructor(
		readonly checks: Required<StorageCommit>["checks"],
		readonly sets: Required<StorageCommit>["sets"],
		readonly deletes: Required<StorageCommit>["deletes"],
	) {}

	static is(commit: StorageCommit): commit is CopiedCommit {
		return #isCopied in commit;
	}
}

/**
 * A caller's commit as plain arrays with keys of their own, see {@link copyOfKey}. The values are the caller's own. A
 * commit that is such a copy is returned as it is.
 *
 * @throws TypeError for a commit that `HostStorage.commit` refuses, apart from the content of its keys.
 */
export function copyOfCommit(commit: StorageCommit): Required<StorageCommit> {
	if (CopiedCommit.is(commit)) {
		return commit;
	}
	const { checks = [], sets = [], deletes = [] } = commit;
	const copied = new CopiedCommit(
		itemsOf(checks, MOST_ITEMS).map(copyOfCheck),
		itemsOf(sets, MOST_ITEMS).map(copyOfSet),
		itemsOf(deletes, MOST_ITEMS).map(copyOfKey),
	);
	if (copied.checks.length + copied.sets.length + copied.deletes.length > MOST_ITEMS) {
		throw new TypeError(`a storage commit has more than ${MOST_ITEMS} checks, sets and deletes`);
	}
	return copied;
}

/** A copy of a caller's commit, with other keys. */
export function movedCommit(
	commit: StorageCommit,
	moved: (key: StorageKey) => StorageKey,
): Required<StorageCommit> {
	const { checks, sets, deletes } = copyOfCommit(commit);
	return new CopiedCommit(
		checks.map(({ key, version }) => ({ key: moved(key), version })),
		sets.map((set) => ({ ...set, key: moved(set.key) })),
		deletes.map(moved),
	);
}

function copyOfCheck({ key, version }: StorageCheck): StorageCheck {
	if (version !== null && typeof version !== "string") {
		throw new TypeError("the version in a storage check must be a string or null");
	}
	return { key: copyOfKey(key), version };
}

function copyOfSet({ key, value, expiresAt }: StorageSet): StorageSet {
	partsLeft(value, MOST_VALUES, MOST_DEPTH);
	if (expiresAt === undefined) {
		return { key: copyOfKey(key), value };
	}
	if (!Number.isFinite(expiresAt)) {
		throw new TypeError("the expiresAt of a storage entry must be a finite number");
	}
	return { key: copyOfKey(key), value, expiresAt };
}

/**
 * Checks that a value is JSON data.
 *
 * @param left how many values it may consist of.
 * @param depth how many arrays and objects it may have inside each other.
 * @returns how many of the values are left.
 */
function partsLeft(value: unknown, left: number, depth: number): number {
	if (left > 0) {
		if (
			value === null ||
			typeof value === "string" ||
			typeof value === "boolean" ||
			Number.isFinite(value)
		) {
			return left - 1;
		}
		if (depth > 0 && Array.isArray(value) && value.length < left) {
			return membersLeft(value, left, depth);
		}
		if (depth > 0 && typeof value === "object" && isPlain(value)) {
			return membersLeft(Object.values(value), left, depth);
		}
	}
	throw new TypeError(
		`a storage value must be JSON data: null, booleans, finite numbers, strings, arrays and plain objects of these, at most ${MOST_DEPTH} inside each other and ${MOST_VALUES} in all`,
	);
}

function membersLeft(members: readonly unknown[], left: number, depth: number): number {
	let still = left - 1;
	for (let index = 0; index < members.length; index += 1) {
		still = partsLeft(members[index], still, depth - 1);
	}
	return still;
}

/** Whether an object is a plain one, of any realm. */
function isPlain(value: object): boolean {
	const prototype: unknown = Object.getPrototypeOf(value);
	return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Reads each item once, and by its index: an array's iterator and its methods may be the caller's own. */
function itemsOf<Item>(list: readonly Item[], most: number): Item[] {
	const length = Array.isArray(list) ? list.length : -1;
	if (length < 0 || length > most) {
		throw new TypeError(
			`storage keys, checks, sets and deletes must be arrays; a key has at most ${MOST_PARTS} parts, and a commit at most ${MOST_ITEMS} checks, sets and deletes`,
		);
	}
	const items: Item[] = [];
	for (let index = 0; index < length; index += 1) {
		items.push(list[index] as Item);
	}
	return items;
}
