import { createHmac } from "node:crypto";

/** Derives the keys for one purpose, so that no two purposes share a key. */
export function derivedKeys(keys: readonly Uint8Array[], purpose: string): Uint8Array[] {
	return keys.map((key) => derivedKey(key, purpose));
}

export function derivedKey(key: Uint8Array, purpose: string): Uint8Array {
	return createHmac("sha256", key).update(purpose).digest();
}
