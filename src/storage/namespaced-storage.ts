import type { HostStorage, StorageEntry, StorageKey } from "../contract/storage.ts";

/** A storage inside another one. No key given to it can reach anything outside its namespace. */
export function namespaced(storage: HostStorage, namespace: StorageKey): HostStorage {
	const below = (prefix: StorageKey): StorageKey => [...namespace, ...prefix];
	const inside = (key: StorageKey): StorageKey => {
		if (key.length === 0) {
			throw new TypeError("a storage key needs at least one part");
		}
		return below(key);
	};
	const outside = <Entry extends StorageEntry>(entry: Entry): Entry => ({
		...entry,
		key: entry.key.slice(namespace.length),
	});
	return {
		get: async (key) => {
			const entry = await storage.get(inside(key));
			return entry && outside(entry);
		},
		take: async (key) => {
			const entry = await storage.take(inside(key));
			return entry && outside(entry);
		},
		commit: async ({ checks = [], sets = [], deletes = [] }) =>
			storage.commit({
				checks: checks.map((check) => ({ ...check, key: inside(check.key) })),
				sets: sets.map((set) => ({ ...set, key: inside(set.key) })),
				deletes: deletes.map(inside),
			}),
		list: async (prefix, options) => {
			const page = await storage.list(below(prefix), options);
			return { ...page, entries: page.entries.map(outside) };
		},
	};
}
