import type { HostStorage } from "../../contract/storage.ts";

/** Deletes everything in a storage, a page at a time. */
export async function emptyStorage(storage: HostStorage): Promise<void> {
	let cursor: string | undefined;
	do {
		const page = await storage.list([], cursor === undefined ? {} : { cursor });
		await storage.commit({ deletes: page.entries.map(({ key }) => key) });
		cursor = page.cursor;
	} while (cursor !== undefined);
}
