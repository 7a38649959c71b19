import type { StorageKey } from "../contract/storage.ts";
import type { ListOptions } from "./ordered-storage.ts";
import { belowPrefix, belowStart, isEncodedKey } from "./storage-key.ts";

const PAGE = 100;
/** A caller who asks for more does not fill the memory with one page. */
const MAX_PAGE = 1000;

/** The entries of a page, by the strings of their keys. */
export interface PageRange {
	/** What the string of each key of the list begins with: the prefix, and the start of the part after it. */
	readonly start: string;
	/** The page begins with the first key after this. */
	readonly after: string;
	/** The page ends before this. */
	readonly end: string;
	/** The most entries. */
	readonly limit: number;
}

/**
 * Where a page begins and ends. A cursor is the string of the last key of the page before it. A string that is no key
 * of the list would lead out of the list, or mean something else to each engine.
 *
 * @throws TypeError for a prefix, a cursor, a limit or a start of a part that {@link OrderedStorage} does not allow.
 */
export function pageRange(
	prefix: StorageKey,
	{ cursor, limit, startsWith = "" }: ListOptions = {},
): PageRange {
	const { start, end } = startsWith === "" ? belowPrefix(prefix) : belowStart(prefix, startsWith);
	if (cursor !== undefined && !isCursorBelow(start, cursor)) {
		throw unknownCursor();
	}
	return { start, after: cursor ?? start, end, limit: pageLimit(limit) };
}

/** @throws TypeError for a limit that the contract does not allow. */
export function pageLimit(limit = PAGE): number {
	if (!Number.isInteger(limit) || limit < 1) {
		throw new TypeError("the limit of a list must be a whole number above zero");
	}
	return Math.min(limit, MAX_PAGE);
}

export function unknownCursor(): TypeError {
	return new TypeError("the cursor is not one of this list; give the cursor of its last page");
}

function isCursorBelow(start: string, cursor: string): boolean {
	return (
		typeof cursor === "string" &&
		cursor.length > start.length &&
		cursor.startsWith(start) &&
		isEncodedKey(cursor)
	);
}
