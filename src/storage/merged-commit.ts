import type { StorageCommit } from "../contract/storage.ts";

/** Several commits as one. */
export function merged(...commits: readonly StorageCommit[]): Required<StorageCommit> {
	const sets = commits.flatMap((commit) => commit.sets ?? []);
	return {
		checks: commits.flatMap(({ checks = [] }) => checks),
		sets,
		deletes: commits.flatMap(({ deletes = [] }) => deletes),
	};
}
