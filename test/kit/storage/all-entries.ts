import type { HostStorage, StorageEntry, StorageKey } from "../../../src/contract/storage.ts";
import { pagesOf } from "../../../src/contract/storage-pages.ts";

/** All entries below a prefix, however many pages they are. */
export async function allEntries(
	storage: HostStorage,
	prefix: StorageKey = [],
): Promise<StorageEntry[]> {
	const entries: StorageEntry[] = [];
	for await (const page of pagesOf(storage, prefix)) {
		entries.push(...page);
	}
	return entries;
}
