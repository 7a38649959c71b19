import type { StorageKey } from "../contract/storage.ts";

const MAX_BYTES = 512;
const SPECIAL = /[%/\0]/;
/** The highest character, once more than fits into a key. */
const ABOVE_EVERY_KEY = "\u{10ffff}".repeat(MAX_BYTES / 4 + 1);
/** Each byte is escaped to three characters at most, and each part of at least one byte ends with a slash. */
const MAX_ENCODED = MAX_BYTES * 4;

/**
 * A key as one string. Different keys give different strings, and a key that starts with the parts of another key gives
 * a string that starts with the other key's string.
 *
 * @throws TypeError for a key that the contract does not allow.
 */
export function encodeKey(key: StorageKey): string {
	let encoded = "";
	let bytes = 0;
	for (const part of key) {
		if (typeof part !== "string" || part === "" || !part.isWellFormed()) {
			throw new TypeError(
				`a storage key has the part ${JSON.stringify(part)}; parts must be non-empty, well-formed strings`,
			);
		}
		bytes += Buffer.byteLength(part);
		// A part ends with a slash and contains none, so that ["a"] is no prefix of ["ab"]. PostgreSQL's text has no NUL.
		encoded += SPECIAL.test(part)
			? `${part.replace(/[%/]/g, encodeURIComponent).replaceAll("\0", "%00")}/`
			: `${part}/`;
	}
	if (bytes === 0 || bytes > MAX_BYTES) {
		throw new TypeError(
			`a storage key has ${key.length} parts and ${bytes} bytes; it must have at least one part and at most ${MAX_BYTES} bytes, so hash long parts`,
		);
	}
	return encoded;
}

/**
 * Two strings that enclose the strings of all keys below a prefix, in the order of UTF-8 bytes. They are not such
 * strings themselves.
 *
 * @throws TypeError for a prefix that the contract does not allow.
 */
export function belowPrefix(prefix: StorageKey): { readonly start: string; readonly end: string } {
	if (prefix.length === 0) {
		return { start: "", end: ABOVE_EVERY_KEY };
	}
	const start = encodeKey(prefix);
	// Strings that begin with "a/" come before "a0".
	return { start, end: `${start.slice(0, -1)}0` };
}

/**
 * The same for the keys whose part after the prefix starts with a text.
 *
 * @throws TypeError for a prefix that the contract does not allow, or a text that no part after it starts with.
 */
export function belowStart(
	prefix: StorageKey,
	text: string,
): { readonly start: string; readonly end: string } {
	// Each character is escaped by itself, so the start of a part gives the start of its string.
	const start = encodeKey([...prefix, text]).slice(0, -1);
	return { start, end: `${start}${ABOVE_EVERY_KEY}` };
}

/** Whether a string is one that {@link encodeKey} gives. */
export function isEncodedKey(text: string): boolean {
	if (text.length > MAX_ENCODED) {
		return false;
	}
	try {
		return encodeKey(decodeKey(text)) === text;
	} catch {
		return false;
	}
}

export function decodeKey(encoded: string): StorageKey {
	const parts = encoded.slice(0, -1).split("/");
	return encoded.includes("%")
		? parts.map((part) => part.replace(/%25|%2F|%00/g, decodeURIComponent))
		: parts;
}
