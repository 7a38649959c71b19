import type { StorageKey } from "../../contract/storage.ts";

/** The brands at which log-ins with an add-on fail, below what is stored of its sign-ins. */
export const FAILING: StorageKey = ["failing"];

/** Where it is stored whether people can log in at a brand. */
export function healthKey(brandId: string): StorageKey {
	return ["health", brandId];
}

export function failingKey(brandId: string): StorageKey {
	return [...FAILING, brandId];
}
