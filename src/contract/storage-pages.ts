import type { HostStorage, StorageEntry, StorageKey } from "./storage.ts";

/**
 * All entries below a prefix, a page at a time.
 *
 * @param limit the most entries in a page; by default that of the storage.
 */
export async function* pagesOf(
	storage: HostStorage,
	prefix: StorageKey,
	limit?: number,
): AsyncGenerator<readonly StorageEntry[]> {
	let cursor: string | undefined;
	do {
		const page = await storage.list(prefix, {
			...(limit !== undefined && { limit }),
			...(cursor !== undefined && { cursor }),
		});
		yield page.entries;
		cursor = page.cursor;
	} while (cursor !== undefined);
}
