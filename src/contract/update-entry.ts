import { type HostStorage, type StorageCommit, StorageError } from "./storage.ts";

/** A round fails only when another writer succeeds, so this many in a row mean more writers than the entry can take. */
const MAX_ROUNDS = 100;

/** What a round found and wants to write. */
export interface Update<Result> {
	/** With a check for each entry that the decision rests on. Left out: there is nothing to write. */
	readonly commit?: StorageCommit | undefined;
	/** What to return once the commit went through. */
	readonly result: Result;
}

/**
 * Changes entries that other writers change too: reads and decides, commits, and starts over when somebody wrote in
 * between.
 *
 * @param decide one round: reads what it needs afresh and says what to write. Runs 100 times at most.
 * @returns the result of the round that was committed.
 * @throws StorageError when other writers were faster in every round; nothing is written then.
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
	throw new StorageError(`other writers changed the same entry ${MAX_ROUNDS} times in a row`);
}
