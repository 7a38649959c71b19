import { type HostStorage, type StorageCommit, StorageError } from "./storage.ts";

/** A round fails only when another writer succeeds. More failures mean that the entry has too many writers. */
const MAX_ROUNDS = 100;

/** Other writers changed the same entry in every round. */
export class BusyEntryError extends StorageError {}

/** What a round decided. */
export interface Update<Result> {
	/** The commit, with a check for each entry that the decision depends on. Undefined: there is nothing to write. */
	readonly commit?: StorageCommit | undefined;
	/** The value to return once the commit has succeeded. */
	readonly result: Result;
}

/**
 * Changes entries that other writers change too: reads, decides and commits, and starts again when somebody wrote in
 * between.
 *
 * @param decide runs for each round, at most 100 times. Reads what it needs and says what to write.
 * @returns the result of the round that was committed.
 * @throws StorageError when other writers were faster in every round. Then nothing was written.
 */
export async function updateEntry<Result>(
	storage: Pick<HostStorage, "commit">,
	decide: () => Promise<Update<Result>>,
): Promise<Result> {
	for (let round = 0; round < MAX_ROUNDS; round += 1) {
		const { commit, result } = await decide();
		if (commit === undefined || (await storage.commit(commit))) {
			return result;
		}
	}
	throw new BusyEntryError(`other writers changed the same entry ${MAX_ROUNDS} times in a row`);
}
