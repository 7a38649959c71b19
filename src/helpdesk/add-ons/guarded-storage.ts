import type { HostStorage, StorageKey } from "../../contract/storage.ts";

/**
 * The helpdesk's storage for the data of an add-on. A request that was under way when the data was deleted would leave
 * data behind, so each commit checks that the add-on is not purged.
 *
 * @param purged the key that is there once the add-on is purged.
 * @param refused decides how a commit ends that comes too late.
 */
export function guardedStorage(
	root: HostStorage,
	purged: StorageKey,
	refused: () => boolean,
): HostStorage {
	const isPurged = async () => (await root.get(purged)) !== undefined;
	return {
		get: (key) => root.get(key),
		take: (key) => root.take(key),
		list: (prefix, options) => root.list(prefix, options),
		commit: async ({ checks = [], ...writes }) => {
			const done = await root.commit({
				...writes,
				checks: [...checks, { key: purged, version: null }],
			});
			return !done && (await isPurged()) ? refused() : done;
		},
	};
}
