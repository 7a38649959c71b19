import type { HostStorage } from "../contract/storage.ts";
import { pagesOf } from "../contract/storage-pages.ts";

/** Deletes everything in a storage, a page at a time. */
export async function emptyStorage(storage: HostStorage): Promise<void> {
	for await (const entries of pagesOf(storage, [])) {
		await storage.commit({ deletes: entries.map(({ key }) => key) });
	}
}
