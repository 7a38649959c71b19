import type { HelpdeskHost } from "../../../src/contract/helpdesk-host.ts";
import type {
	HostStorage,
	StorageCommit,
	StorageKey,
	StorageValue,
} from "../../../src/contract/storage.ts";
import type { PortMutants } from "./port-mutant.ts";

type Break = (storage: HostStorage, host: HelpdeskHost) => Partial<HostStorage>;

const broken = (promise: string, change: Break): PortMutants[string] => ({
	breaks: [promise],
	ports: (host) => {
		const { storage } = host;
		const good: HostStorage = {
			get: (key) => storage.get(key),
			commit: (commit) => storage.commit(commit),
			take: (key) => storage.take(key),
			list: (prefix, options) => storage.list(prefix, options),
		};
		return { storage: { ...good, ...change(storage, host) } };
	},
});

const nameOf = (key: StorageKey): string => JSON.stringify(key);

export const STORAGE_MUTANTS: PortMutants = {
	"loses what a text holds": broken(
		"gives back what was set, and nothing for what was not",
		(storage) => ({
			get: async (key) => {
				const entry = await storage.get(key);
				const value = JSON.parse(JSON.stringify(entry?.value ?? null).replaceAll("\\u0000", ""));
				return entry && { ...entry, value };
			},
		}),
	),

	"keeps the very object": broken(
		"does not share what it stores with whoever set or read it",
		(storage) => {
			const kept = new Map<string, StorageValue>();
			return {
				commit: async (commit) => {
					const done = await storage.commit(commit);
					for (const { key, value } of done ? (commit.sets ?? []) : []) {
						kept.set(nameOf(key), value);
					}
					return done;
				},
				get: async (key) => {
					const entry = await storage.get(key);
					return entry && { ...entry, value: kept.get(nameOf(key)) ?? entry.value };
				},
			};
		},
	),

	"takes letters for the same that look the same": broken(
		"tells keys apart whatever is in them",
		(storage) => {
			const composed = (key: StorageKey) => key.map((part) => part.normalize("NFC"));
			return {
				get: (key) => storage.get(composed(key)),
				commit: async ({ sets = [], ...commit }: StorageCommit) =>
					storage.commit({
						...commit,
						sets: sets.map((set) => ({ ...set, key: composed(set.key) })),
					}),
			};
		},
	),

	"finds nothing under an impossible key": broken(
		"refuses keys that the contract does not allow",
		(storage) => ({ get: (key) => storage.get(key).catch(() => undefined) }),
	),

	"counts its versions from the beginning again": broken(
		"gives every write a new version, never used again for the key",
		(storage) => {
			const real = new Map<string, string>();
			return {
				get: async (key) => {
					const entry = await storage.get(key);
					const version = String(Number.parseInt(entry?.version ?? "0", 10) % 10);
					real.set(nameOf(key) + version, entry?.version ?? "");
					return entry && { ...entry, version };
				},
				commit: async ({ checks = [], ...commit }) =>
					storage.commit({
						...commit,
						checks: checks.map(({ key, version }) => ({
							key,
							version: real.get(nameOf(key) + version) ?? version,
						})),
					}),
			};
		},
	),

	"looks at the first check alone": broken(
		"commits only when every check fits, and then all of it",
		(storage) => ({
			commit: ({ checks = [], ...commit }) =>
				storage.commit({ ...commit, checks: checks.slice(0, 1) }),
		}),
	),

	"writes one after the other": broken("writes nothing of a commit that it rejects", (storage) => ({
		commit: async ({ checks, sets = [], deletes = [] }) => {
			if (checks !== undefined) {
				return storage.commit({ checks, sets, deletes });
			}
			for (const set of sets) {
				await storage.commit({ sets: [set] });
			}
			return storage.commit({ deletes });
		},
	})),

	"lets entries live a moment longer": broken(
		"lets an entry live until its instant of expiry, and not a moment longer",
		(storage) => ({
			commit: async ({ sets = [], ...commit }) =>
				storage.commit({
					...commit,
					sets: sets.map(({ expiresAt, ...set }) =>
						expiresAt === undefined ? set : { ...set, expiresAt: expiresAt + 1 },
					),
				}),
		}),
	),

	"remembers an expiry that holds no more": broken(
		"forgets the expiry of an entry that is set again without one",
		(storage, { clock }) => {
			const expiries = new Map<string, number>();
			return {
				commit: async ({ sets = [], ...commit }) => {
					const changed = sets.map((set) => {
						const expiresAt = set.expiresAt ?? expiries.get(nameOf(set.key)) ?? 0;
						expiries.set(nameOf(set.key), expiresAt);
						return expiresAt > clock.now() ? { ...set, expiresAt } : set;
					});
					return storage.commit({ ...commit, sets: changed });
				},
			};
		},
	),

	"takes in two steps": broken("gives an entry to exactly one of 200 who take it", (storage) => ({
		take: async (key) => {
			const entry = await storage.get(key);
			await storage.commit({ deletes: [key] });
			return entry;
		},
	})),

	"checks in one step and writes in another": broken(
		"lets exactly one of 200 commits on one version through",
		(storage) => ({
			commit: async ({ checks = [], ...commit }) => {
				for (const { key, version } of checks) {
					if (((await storage.get(key))?.version ?? null) !== version) {
						return false;
					}
				}
				return storage.commit(commit);
			},
		}),
	),

	"loses an entry between two pages": broken(
		"lists what is below a prefix, page by page, each entry once",
		(storage) => ({
			list: async (prefix, options) => {
				const page = await storage.list(prefix, options);
				return options?.limit === 7 && options.cursor !== undefined
					? { ...page, entries: page.entries.slice(1) }
					: page;
			},
		}),
	),

	"gives all plugins one namespace": {
		breaks: ["keeps the storage of two plugins apart"],
		ports: (_, storage) => ({ storage }),
	},
};
