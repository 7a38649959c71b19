import { setImmediate } from "node:timers/promises";
import type { HostStorage } from "../../../src/contract/storage.ts";

/** A storage that takes its time, as one over the network does: requests overtake each other. */
export function distant(storage: HostStorage): HostStorage {
	const later = async <T>(result: Promise<T>): Promise<T> => {
		await setImmediate();
		return result;
	};
	return {
		get: async (key) => later(storage.get(key)),
		take: async (key) => later(storage.take(key)),
		list: async (prefix, options) => later(storage.list(prefix, options)),
		commit: async (commit) => later(storage.commit(commit)),
	};
}
