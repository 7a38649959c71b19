import type { SignInEntry } from "./sign-in-entry.ts";

/** Some of the entries that belong together. */
export interface SignInGroup {
	/** Newest first. */
	readonly newest: readonly SignInEntry[];
	/** How many there are in all. */
	readonly count: number;
}

/**
 * The newest entries of each group, without keeping others in memory.
 *
 * @param groupOf the name of the group of an entry; undefined for an entry that is not meant.
 * @param most how many entries of a group are kept.
 */
export async function newestOf(
	pages: AsyncIterable<readonly SignInEntry[]>,
	groupOf: (entry: SignInEntry) => string | undefined,
	most: number,
): Promise<ReadonlyMap<string, SignInGroup>> {
	const groups = new Map<string, SignInGroup>();
	for await (const entries of pages) {
		for (const entry of entries) {
			const name = groupOf(entry);
			if (name !== undefined) {
				const { newest, count } = groups.get(name) ?? { newest: [], count: 0 };
				const kept = [...newest, entry].sort(newerFirst).slice(0, most);
				groups.set(name, { newest: kept, count: count + 1 });
			}
		}
	}
	return groups;
}

export function newerFirst(a: SignInEntry, b: SignInEntry): number {
	return b.at - a.at;
}
