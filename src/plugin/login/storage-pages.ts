import type { HostStorage, StorageEntry, StorageKey } from "../../contract/storage.ts";

/** All entries below a prefix, as many at a time as the storage gives in one page. */
export async function* pagesOf(
	storage: HostStorage,
	prefix: StorageKey,
): AsyncGenerator<readonly StorageEntry[]> {
	let cursor: string | undefined;
	do {
		const page = await storage.list(prefix, cursor === undefined ? {} : { cursor });
		yield page.entries;
		cursor = page.cursor;
	} while (cursor !== undefined);
}
