import type { StorageKey } from "../contract/storage.ts";

const MAX_BYTES = 512;

/**
 * A key as one string: different keys give different strings, and a key that starts with the parts of another
 * starts with its string.
 *
 * @throws TypeError for a key that the contract does not allow.
 */
export function encodeKey(key: StorageKey): string {
	for (const part of key) {
		if (part === "" || !part.isWellFormed()) {
			throw new TypeError(
				`a storage key has the part ${JSON.stringify(part)}, but parts are non-empty, well-formed strings`,
			);
		}
	}
	// Each part ends in a slash and holds none, so ["a"] is no prefix of ["ab"].
	const encoded = key.map((part) => `${part.replace(/[%/]/g, encodeURIComponent)}/`).join("");
	const bytes = Buffer.byteLength(key.join(""));
	if (key.length === 0 || bytes > MAX_BYTES) {
		throw new TypeError(
			`a storage key has ${key.length} parts and ${bytes} bytes, but needs a part and at most ${MAX_BYTES} bytes; hash what is long`,
		);
	}
	return encoded;
}

export function decodeKey(encoded: string): StorageKey {
	return encoded
		.slice(0, -1)
		.split("/")
		.map((part) => part.replace(/%25|%2F/g, decodeURIComponent));
}
