import type { HelpdeskHost } from "../../../src/contract/helpdesk-host.ts";
import type { HostStorage, StorageCheck, StorageCommit } from "../../../src/contract/storage.ts";
import { brokenStorage, nameOf } from "./break-storage.ts";
import type { PortMutants } from "./port-mutant.ts";

type StorageSet = NonNullable<StorageCommit["sets"]>[number];

async function fits(storage: HostStorage, checks: readonly StorageCheck[]): Promise<boolean> {
	for (const { key, version } of checks) {
		if (((await storage.get(key))?.version ?? null) !== version) {
			return false;
		}
	}
	return true;
}

function lasting(set: StorageSet): StorageSet {
	return Number.isFinite(set?.expiresAt) ? set : { key: set?.key, value: set?.value };
}

export const COMMIT_MUTANTS: PortMutants = {
	"reads the first check only": brokenStorage(
		["A commit is applied as a whole if every check passes, or else not at all"],
		(storage) => ({
			commit: ({ checks = [], ...commit }) =>
				storage.commit({ ...commit, checks: checks.slice(0, 1) }),
		}),
	),

	"writes the entries before one that it refuses": brokenStorage(
		[
			"A commit that the contract does not allow is a TypeError and writes nothing",
			"A rejected commit writes nothing",
		],
		(storage) => ({
			commit: async (commit) => {
				try {
					return await storage.commit(commit);
				} catch (error) {
					await storage.commit({ sets: commit.sets?.slice(0, 1) ?? [] }).catch(() => undefined);
					throw error;
				}
			},
		}),
	),

	"takes an expiry that is no number for none": {
		breaks: ["A commit that the contract does not allow is a TypeError and writes nothing"],
		handed: (handed) => {
			const commit: HostStorage["commit"] = ({ sets = [], ...others }) =>
				handed.storage.commit({ ...others, sets: Array.isArray(sets) ? sets.map(lasting) : sets });
			return Object.freeze(
				Object.defineProperties({} as HelpdeskHost, {
					...Object.getOwnPropertyDescriptors(handed),
					storage: { get: () => Object.freeze({ ...handed.storage, commit }), enumerable: true },
				}),
			);
		},
	},

	"takes an empty version for no entry": brokenStorage(
		["No entry has a version that no write gave it"],
		(storage) => ({
			commit: async ({ checks = [], ...commit }) =>
				storage.commit({
					...commit,
					checks: checks.map((check) =>
						check.version === "" ? { ...check, version: null } : check,
					),
				}),
		}),
	),

	"refuses a commit without writes": brokenStorage(
		["A commit can be empty or only check"],
		(storage) => ({
			commit: async (commit) =>
				Object.values(commit).some((each) => each.length > 0) && storage.commit(commit),
		}),
	),

	"writes one after the other": brokenStorage(
		[
			"A rejected commit writes nothing",
			"Commits that name the same keys in different orders do not block each other",
		],
		(storage) => ({
			commit: async ({ checks = [], sets = [], deletes = [] }) => {
				if (checks.length > 0) {
					return storage.commit({ checks, sets, deletes });
				}
				await storage.commit({ deletes });
				for (const set of sets) {
					await storage.commit({ sets: [set] });
				}
				return true;
			},
		}),
	),

	"takes in two steps": brokenStorage(
		["One of 200 simultaneous takes gets the entry", "A take and a commit never both get an entry"],
		(storage) => ({
			take: async (key) => {
				const entry = await storage.get(key);
				await storage.commit({ deletes: [key] });
				return entry;
			},
		}),
	),

	"returns the value from before the take": brokenStorage(
		["A take and a commit never both get an entry"],
		(storage) => ({
			take: async (key) => {
				const before = await storage.get(key);
				return (await storage.take(key)) && before;
			},
		}),
	),

	"checks in one step and writes in another": brokenStorage(
		[
			"One of 200 simultaneous commits on one version succeeds",
			"One of 200 simultaneous commits creates the key",
			"A take and a commit never both get an entry",
			"Two commits that exclude each other do not both succeed",
			"Simultaneous counting loses no count",
		],
		(storage) => ({
			commit: async ({ checks = [], ...commit }) =>
				(await fits(storage, checks)) && storage.commit(commit),
		}),
	),

	"locks only the keys that it writes": brokenStorage(
		["Two commits that exclude each other do not both succeed"],
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

	"rejects simultaneous commits": brokenStorage(
		["Commits that name the same keys in different orders do not block each other"],
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

	"writes by the hundred, from either end": brokenStorage(
		["A commit of a thousand entries is applied as a whole beside other commits"],
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
