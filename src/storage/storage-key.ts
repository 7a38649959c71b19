import type { StorageKey } from "../contract/storage.ts";

const MAX_BYTES = 512;
const SPECIAL = /[%/\0]/;
/** The highest character more often than it fits into a key. */
const ABOVE_EVERY_KEY = "\u{10ffff}".repeat(MAX_BYTES / 4 + 1);

/**
 * A key as one string: different keys give different strings, and a key that starts with the parts of another
 * starts with its string.
 *
 * @throws TypeError for a key that the contract does not allow.
 */
export function encodeKey(key: StorageKey): string {
	let encoded = "";
	let bytes = 0;
	for (const part of key) {
		if (part === "" || !part.isWellFormed()) {
			throw new TypeError(
				`a storage key has the part ${JSON.stringify(part)}, but parts are non-empty, well-formed strings`,
			);
		}
		bytes += Buffer.byteLength(part);
		// Each part ends in a slash and holds none, so ["a"] is no prefix of ["ab"]; PostgreSQL's text holds no NUL.
		encoded += SPECIAL.test(part)
			? `${part.replace(/[%/]/g, encodeURIComponent).replaceAll("\0", "%00")}/`
			: `${part}/`;
	}
	if (key.length === 0 || bytes > MAX_BYTES) {
		throw new TypeError(
			`a storage key has ${key.length} parts and ${bytes} bytes, but needs a part and at most ${MAX_BYTES} bytes; hash what is long`,
		);
	}
	return encoded;
}

/**
 * The keys below a prefix are the strings between these two, both left out, in the order of their UTF-8 bytes.
 *
 * @throws TypeError for a prefix that the contract does not allow.
 */
export function belowPrefix(prefix: StorageKey): { readonly start: string; readonly end: string } {
	if (prefix.length === 0) {
		return { start: "", end: ABOVE_EVERY_KEY };
	}
	const start = encodeKey(prefix);
	// What begins with "a/" comes before "a0".
	return { start, end: `${start.slice(0, -1)}0` };
}

export function decodeKey(encoded: string): StorageKey {
	const parts = encoded.slice(0, -1).split("/");
	return encoded.includes("%")
		? parts.map((part) => part.replace(/%25|%2F|%00/g, decodeURIComponent))
		: parts;
}
