import type { StorageKey } from "../contract/storage.ts";

/**
 * Namespaces of what a backup must not bring back as far as it is stored for a time: sessions that ended since, links to
 * set a password and a plugin's log-ins, forms and codes that were used since.
 */
export const NOT_RESTORED: readonly StorageKey[] = [
	["sessions"],
	["password-resets"],
	["plugin-data"],
];
