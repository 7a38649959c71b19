import type { HostStorage, StorageCheck } from "../../../src/contract/storage.ts";
import { brokenStorage, nameOf } from "./break-storage.ts";
import type { PortMutants } from "./port-mutant.ts";

async function fits(storage: HostStorage, checks: readonly StorageCheck[]): Promise<boolean> {
	for (const { key, version } of checks) {
		if (((await storage.get(key))?.version ?? null) !== version) {
			return false;
		}
	}
	return true;
}

export const COMMIT_MUTANTS: PortMutants = {
	"looks at the first check alone": brokenStorage(
		["commits only when every check fits, and then all of it"],
		(storage) => ({
			commit: ({ checks = [], ...commit }) =>
				storage.commit({ ...commit, checks: checks.slice(0, 1) }),
		}),
	),

	"wants something to write": brokenStorage(
		["commits nothing at all, and what only checks"],
		(storage) => ({
			commit: async (commit) =>
				Object.values(commit).some((each) => each.length > 0) && storage.commit(commit),
		}),
	),

	"writes one after the other": brokenStorage(
		[
			"writes nothing of a commit that it rejects",
			"does not tangle commits that name the same keys in different orders",
		],
		(storage) => ({
			commit: async ({ checks, sets = [], deletes = [] }) => {
				if (checks !== undefined) {
					return storage.commit({ checks, sets, deletes });
				}
				for (const set of sets) {
					await storage.commit({ sets: [set] });
				}
				return storage.commit({ deletes });
			},
		}),
	),

	"takes in two steps": brokenStorage(
		[
			"gives an entry to exactly one of 200 who take it",
			"gives an entry to a take or to a commit, and never to both",
		],
		(storage) => ({
			take: async (key) => {
				const entry = await storage.get(key);
				await storage.commit({ deletes: [key] });
				return entry;
			},
		}),
	),

	"gives what it had before it took": brokenStorage(
		["gives an entry to a take or to a commit, and never to both"],
		(storage) => ({
			take: async (key) => {
				const before = await storage.get(key);
				return (await storage.take(key)) && before;
			},
		}),
	),

	"checks in one step and writes in another": brokenStorage(
		[
			"lets exactly one of 200 commits on one version through",
			"lets exactly one of 200 commits make a key",
			"gives an entry to a take or to a commit, and never to both",
			"does not let two commits pass that each rule the other out",
			"counts right when everybody counts at once",
		],
		(storage) => ({
			commit: async ({ checks = [], ...commit }) =>
				(await fits(storage, checks)) && storage.commit(commit),
		}),
	),

	"holds only the keys that it writes": brokenStorage(
		["does not let two commits pass that each rule the other out"],
		(storage) => ({
			commit: async ({ checks = [], ...commit }) => {
				const written = new Set(commit.sets?.map(({ key }) => nameOf(key)));
				const isHeld = ({ key }: StorageCheck): boolean => written.has(nameOf(key));
				return (
					(await fits(storage, checks)) &&
					storage.commit({ ...commit, checks: checks.filter(isHeld) })
				);
			},
		}),
	),

	"rejects what gets in each other's way": brokenStorage(
		["does not tangle commits that name the same keys in different orders"],
		(storage) => {
			let underWay = 0;
			return {
				commit: async (commit) => {
					underWay += 1;
					try {
						if (underWay > 1 && commit.sets?.length === 9) {
							throw new Error("deadlock");
						}
						return await storage.commit(commit);
					} finally {
						underWay -= 1;
					}
				},
			};
		},
	),

	"writes by the hundred, from the beginning or from the end": brokenStorage(
		["commits a thousand entries as one, beside others"],
		(storage) => {
			let commits = 0;
			return {
				commit: async ({ sets = [], ...commit }) => {
					if (sets.length !== 1000) {
						return storage.commit({ ...commit, sets });
					}
					commits += 1;
					const ordered = commits % 2 === 0 ? sets : sets.toReversed();
					for (let start = 0; start < ordered.length; start += 100) {
						await storage.commit({ sets: ordered.slice(start, start + 100) });
					}
					return true;
				},
			};
		},
	),
};
