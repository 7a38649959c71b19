import type { StorageKey } from "../../contract/storage.ts";

/** Namespaces of what a backup must not bring back, because it ended or was used since. */
export const NOT_RESTORED: {
	readonly everything: readonly StorageKey[];
	readonly whatExpires: readonly StorageKey[];
} = {
	/** Somebody logged out, or set another password by a link that is good once. */
	everything: [["sessions"], ["password-resets"]],
	/** A plugin's log-ins on their way, their forms and codes: it keeps what lasts without an end. */
	whatExpires: [["plugin-data"]],
};
