import type { StorageKey, StorageValue } from "../../../src/contract/storage.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";
import { brokenStorage, nameOf } from "./break-storage.ts";
import type { PortMutants } from "./port-mutant.ts";

const LONG = 100_000;

export const ENTRY_MUTANTS: PortMutants = {
	"loses characters of a text": brokenStorage(
		[
			"get returns the value that was set, and nothing for a key that was not set",
			"Every JSON value is stored unchanged, up to a megabyte",
		],
		(storage) => ({
			get: async (key) => {
				const entry = await storage.get(key);
				const value = JSON.parse(JSON.stringify(entry?.value ?? null).replaceAll("\\u0000", ""));
				return entry && { ...entry, value };
			},
		}),
	),

	"cuts off long values": brokenStorage(
		["Every JSON value is stored unchanged, up to a megabyte"],
		(storage) => ({
			get: async (key) => {
				const entry = await storage.get(key);
				return typeof entry?.value === "string" && entry.value.length > LONG
					? { ...entry, value: entry.value.slice(0, LONG) }
					: entry;
			},
		}),
	),

	"keeps the caller's object": brokenStorage(
		["Changing a value after writing or reading it does not change the stored one"],
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

	"confuses letters that look the same": brokenStorage(
		["Different keys stay different, whatever characters they contain"],
		(storage) => {
			const composed = (key: StorageKey): StorageKey =>
				key.length === 1 ? key.map((part) => part.normalize("NFC")) : key;
			return {
				get: (key) => storage.get(composed(key)),
				commit: async ({ sets = [], ...commit }) =>
					storage.commit({
						...commit,
						sets: sets.map((set) => ({ ...set, key: composed(set.key) })),
					}),
			};
		},
	),

	"finds nothing for an invalid key": brokenStorage(
		["Keys that the contract does not allow are refused"],
		(storage) => ({ get: (key) => storage.get(key).catch(() => undefined) }),
	),

	"starts its versions again": brokenStorage(
		["Every write gives its key a version that was never used before"],
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

	"lets entries live a millisecond longer": brokenStorage(
		[
			"An entry lives until the instant of its expiry and not longer",
			"list leaves out expired entries",
		],
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

	"drops expired entries by its own clock": brokenStorage(
		["Entries expire by the host's clock only"],
		(storage) => ({
			commit: async ({ sets = [], ...commit }) =>
				storage.commit({
					...commit,
					sets: sets.filter(({ expiresAt }) => (expiresAt ?? Infinity) > Date.UTC(2020)),
				}),
		}),
	),

	"remembers an expiry that was removed": brokenStorage(
		["Setting an entry without an expiry removes its old expiry"],
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

	"confuses namespaces whose names begin alike": brokenStorage(
		["Namespaces cannot reach each other"],
		(storage) => ({
			list: async (prefix, options) => {
				const [first = ""] = prefix;
				if (prefix.length !== 1 || first !== "on") {
					return storage.list(prefix, options);
				}
				const { entries } = await storage.list([], { limit: 1000 });
				return { entries: entries.filter(({ key }) => key[0]?.startsWith(first)) };
			},
		}),
	),

	"gives all plugins one namespace": {
		breaks: ["A plugin cannot reach the storage of another plugin"],
		ports: (_, storage) => ({ storage }),
	},
};

export const LIST_MUTANTS: PortMutants = {
	"loses an entry between two pages": brokenStorage(
		[
			"list returns every entry below a prefix once, page by page",
			"list returns lasting entries once while others write and delete",
		],
		(storage) => ({
			list: async (prefix, options) => {
				const page = await storage.list(prefix, options);
				return options?.limit === 7 && options.cursor !== undefined
					? { ...page, entries: page.entries.slice(1) }
					: page;
			},
		}),
	),

	"lists an entry below itself": brokenStorage(
		["list returns nothing below an unknown prefix, and no entry below itself"],
		(storage) => ({
			list: async (prefix, options) => {
				const page = await storage.list(prefix, options);
				const itself = prefix.length === 2 ? await storage.get(prefix) : undefined;
				return itself === undefined ? page : { ...page, entries: [itself, ...page.entries] };
			},
		}),
	),

	"takes a percent sign in a prefix for a wildcard": brokenStorage(
		["list finds the entries below a prefix, whatever characters it contains"],
		(storage) => ({
			list: async (prefix, options) =>
				prefix.some((part) => part.includes("%"))
					? storage.list([], options)
					: storage.list(prefix, options),
		}),
	),

	"ends a list where many entries are expired": brokenStorage(
		["list leaves out expired entries"],
		(storage) => ({
			list: async (prefix, options) => {
				const page = await storage.list(prefix, options);
				return options?.limit === 3 ? { entries: page.entries } : page;
			},
		}),
	),

	"counts the entries that it has listed": brokenStorage(
		["list continues after an entry that was deleted between two pages"],
		(storage) => ({
			list: async (prefix, options = {}) => {
				if (options.limit !== 2) {
					return storage.list(prefix, options);
				}
				const start = Number(options.cursor ?? 0);
				const { entries } = await storage.list(prefix, { limit: 1000 });
				return { entries: entries.slice(start, start + 2), cursor: String(start + 2) };
			},
		}),
	),

	"follows a cursor out of its prefix": brokenStorage(
		["list never leaves its prefix, whatever cursor it gets"],
		(storage) => ({
			list: async (prefix, options) =>
				storage
					.list(prefix, options)
					.catch((error) =>
						options?.cursor === undefined ? Promise.reject(error) : storage.list([], options),
					),
		}),
	),

	"begins a list again at a cursor that it does not know": brokenStorage(
		["list never leaves its prefix, whatever cursor it gets"],
		(storage) => ({
			list: async (prefix, options) => {
				const { cursor, ...others } = options ?? {};
				return storage
					.list(prefix, options)
					.catch((error) =>
						cursor === undefined ? Promise.reject(error) : storage.list(prefix, others),
					);
			},
		}),
	),

	"takes a negative limit for none": brokenStorage(
		["list takes only whole numbers above zero as its limit"],
		(storage) => ({
			list: async (prefix, options) =>
				(options?.limit ?? 0) < 0
					? { entries: await allEntries(storage, prefix) }
					: storage.list(prefix, options),
		}),
	),
};
