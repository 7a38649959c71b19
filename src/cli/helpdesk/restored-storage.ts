import type { HostStorage } from "../../contract/storage.ts";
import { commitToSnapshot, readFromSnapshot } from "../../storage/sqlite-snapshot.ts";

/**
 * The storage of a helpdesk that was restored and has not been started. A storage in WAL mode would leave files beside the
 * database. Nobody else writes to it yet, so that checks are not needed.
 */
export function restoredStorage(database: string): HostStorage {
	const refuse = async (): Promise<never> => {
		throw new Error("a restored helpdesk is only read and written by key before it is started");
	};
	return {
		get: async (key) => {
			const value = readFromSnapshot(database, key);
			return value === undefined ? undefined : { key, value, version: "restored" };
		},
		take: refuse,
		list: refuse,
		commit: async (commit) => {
			commitToSnapshot(database, commit);
			return true;
		},
	};
}
