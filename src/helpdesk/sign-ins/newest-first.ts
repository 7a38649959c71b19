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
	const heads = await Promise.all(lists.map((list) => headOf(itemsOf(list))));
	for (;;) {
		const open = heads.flatMap((head, index) =>
			head.item === undefined ? [] : [{ ...head, item: head.item, index }],
		);
		const [first, ...others] = open;
		if (first === undefined) {
			return;
		}
		const newest = others.reduce(
			(best, each) => (timeOf(each.item) > timeOf(best.item) ? each : best),
			first,
		);
		yield newest.item;
		heads[newest.index] = await headOf(newest.items);
	}
}

interface Head<Item> {
	/** Undefined at the end. */
	readonly item: Item | undefined;
	readonly items: AsyncGenerator<Item>;
}

async function headOf<Item>(items: AsyncGenerator<Item>): Promise<Head<Item>> {
	const { done, value } = await items.next();
	return { item: done ? undefined : value, items };
}

async function* itemsOf<Item>(pages: AsyncIterable<readonly Item[]>): AsyncGenerator<Item> {
	for await (const page of pages) {
		yield* page;
	}
}

function textOf(key: StorageKey): string {
	return key.join("/");
}
