import type { StorageCommit, StorageKey } from "../../contract/storage.ts";
import { startOfMinute } from "./attempt-note.ts";
import type { AttemptNotes } from "./attempt-notes.ts";
import type { PeopleByDay } from "./people-by-day.ts";
import { KEPT_MS, type SignInEntry } from "./sign-in-entry.ts";
import { entrySets, keysTo } from "./sign-in-keys.ts";
import type { SignInSubjects } from "./sign-in-subjects.ts";

/** How many checks and sets a commit of entries has. */
const MAX_KEYS = 400;

/** An entry that waits to be written. */
export interface Queued {
	readonly entry: SignInEntry;
	readonly key: StorageKey;
	readonly userId: string | null;
	readonly hashes: readonly string[];
}

/** Entries as parts that are small enough for one commit each. */
export function partsOf(batch: readonly Queued[]): Queued[][] {
	const parts: Queued[][] = [];
	/** One note for each brand and minute. */
	const notes = new Set<string>();
	let keys = 0;
	for (const queued of batch) {
		const more = keysOf(queued);
		const note = `${startOfMinute(queued.entry.at)} ${queued.entry.brandId}`;
		notes.add(note);
		keys += more;
		const last = parts.at(-1);
		if (last === undefined || keys + notes.size > MAX_KEYS) {
			parts.push([queued]);
			keys = more;
			notes.clear();
			notes.add(note);
		} else {
			last.push(queued);
		}
	}
	return parts;
}

/** How many keys an entry has in its commit, apart from notes that it shares with others. */
function keysOf({ entry, key, userId, hashes }: Queued): number {
	const counted = entry.protocol === null ? 0 : 1;
	const claimed = userId === null ? 0 : 1 + hashes.length;
	return 1 + keysTo(entry, key).length + counted + claimed;
}

/**
 * The commit that writes entries, says whose they are, counts their people and notes how they ended.
 *
 * @param heirs whom the users of the entries were merged into; themselves if they were not; null for a deleted user.
 * @param now milliseconds since the epoch.
 */
export function commitOf(
	batch: readonly Queued[],
	heirs: ReadonlyMap<string, string | null>,
	{
		subjects,
		people,
		attempts,
	}: {
		readonly subjects: SignInSubjects;
		readonly people: PeopleByDay;
		readonly attempts: AttemptNotes;
	},
	now: number,
): StorageCommit {
	const claimed = new Map<string, Map<string, number | null>>();
	const entries = batch.flatMap(({ entry, key, userId, hashes }) => {
		const heir = userId === null ? undefined : heirs.get(userId);
		if (heir != null) {
			const times = claimed.get(heir) ?? new Map<string, number | null>();
			for (const hash of hashes) {
				times.set(hash, later(times.get(hash), entry.at));
			}
			claimed.set(heir, times);
		}
		return entrySets(heir === null ? { ...entry, who: null } : entry, key);
	});
	const named = batch.map(({ entry, key, userId }) => {
		const isOfDeleted = userId !== null && heirs.get(userId) === null;
		// A deleted user counts without a hash, by what no other entry has.
		return { entry, who: isOfDeleted && entry.who !== null ? String(key.at(-1)) : entry.who };
	});
	const claims = [...claimed].map(([userId, hashes]) =>
		subjects.claim(userId, hashes, now + KEPT_MS),
	);
	return {
		checks: claims.flatMap(({ checks }) => checks),
		sets: [
			...entries,
			...claims.flatMap(({ sets }) => sets),
			...people.setsOf(named),
			...attempts.setsOf(batch),
		],
	};
}

/** The later of two times. One that is not known may be later than any other. */
export function later(known: number | null | undefined, at: number | null): number | null {
	return known === null || at === null ? null : Math.max(known ?? 0, at);
}
