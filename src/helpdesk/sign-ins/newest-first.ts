import { setImmediate as nextTurn } from "node:timers/promises";
import type { HostStorage, StorageEntry, StorageKey } from "../../contract/storage.ts";

/**
 * The pages of a list from its end to its beginning, each from its last entry to its first. The storage keeps keys in
 * order. Each page but the last one is listed twice, so that one page is in memory at a time. Between two lists visitors have
 * their turn, also where the storage answers at once.
 *
 * @param limit the most entries in a page.
 */
export async function* pagesBackwards(
	storage: HostStorage,
	prefix: StorageKey,
	limit: number,
): AsyncGenerator<readonly StorageEntry[]> {
	const before: { readonly cursor: string | undefined; readonly last: StorageKey }[] = [];
	let cursor: string | undefined;
	let page = await storage.list(prefix, { limit });
	while (page.cursor !== undefined) {
		before.push({ cursor, last: page.entries.at(-1)?.key ?? prefix });
		cursor = page.cursor;
		page = await storage.list(prefix, { limit, cursor });
		await nextTurn();
	}
	yield page.entries.toReversed();
	for (const { cursor: start, last } of before.reverse()) {
		const { entries } = await storage.list(prefix, {
			limit,
			...(start !== undefined && { cursor: start }),
		});
		// Where entries were deleted meanwhile, the page goes on with those of the next one.
		yield entries.filter(({ key }) => textOf(key) <= textOf(last)).reverse();
		await nextTurn();
	}
}

/**
 * Several lists as one.
 *
 * @param lists the pages of each, newest first.
 * @param timeOf when an item happened. Milliseconds since the epoch.
 */
export async function* mergedNewestFirst<Item>(
	lists: readonly AsyncIterable<readonly Item[]>[],
	timeOf: (item: Item) => number,
): AsyncGenerator<Item> {
	let heads = lists.map(
		(list): Head<Item> => ({ pages: list[Symbol.asyncIterator](), page: [], at: 0 }),
	);
	for (;;) {
		if (heads.some(isUsedUp)) {
			await Promise.all(heads.map(readOn));
			heads = heads.filter((head) => !isUsedUp(head));
		}
		const [first, ...others] = heads;
		if (first === undefined) {
			return;
		}
		let [newest, item] = [first, itemOf(first)];
		for (const head of others) {
			const other = itemOf(head);
			if (timeOf(other) > timeOf(item)) {
				[newest, item] = [head, other];
			}
		}
		newest.at += 1;
		yield item;
	}
}

/** How far a list is read. */
interface Head<Item> {
	readonly pages: AsyncIterator<readonly Item[]>;
	page: readonly Item[];
	/** The place in the page of the next item. */
	at: number;
}

function isUsedUp<Item>({ page, at }: Head<Item>): boolean {
	return at >= page.length;
}

/** Reads the next page with items, if there is one. */
async function readOn<Item>(head: Head<Item>): Promise<void> {
	while (isUsedUp(head)) {
		const { done, value } = await head.pages.next();
		if (done) {
			return;
		}
		head.page = value;
		head.at = 0;
	}
}

function itemOf<Item>({ page, at }: Head<Item>): Item {
	return page[at] as Item;
}

function textOf(key: StorageKey): string {
	return key.join("/");
}
