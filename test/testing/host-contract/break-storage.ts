import type { HelpdeskHost } from "../../../src/contract/helpdesk-host.ts";
import type { HostStorage, StorageKey } from "../../../src/contract/storage.ts";
import type { PortMutant } from "./port-mutant.ts";

/** A helpdesk that replaces some methods of its storage. */
export function brokenStorage(
	breaks: readonly string[],
	change: (storage: HostStorage, host: HelpdeskHost) => Partial<HostStorage>,
): PortMutant {
	return {
		breaks,
		ports: (host) => {
			const { storage } = host;
			const good: HostStorage = {
				get: (key) => storage.get(key),
				commit: (commit) => storage.commit(commit),
				take: (key) => storage.take(key),
				list: (prefix, options) => storage.list(prefix, options),
			};
			return { storage: { ...good, ...change(storage, host) } };
		},
	};
}

/** A key as one string. */
export function nameOf(key: StorageKey): string {
	return JSON.stringify(key);
}
