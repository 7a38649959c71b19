import type { StorageCommit, StorageKey } from "../../contract/storage.ts";
import { KEPT_MS, type SignInEntry, sameTraceCode } from "./sign-in-entry.ts";

type Sets = NonNullable<StorageCommit["sets"]>;

const DIGITS = String(Number.MAX_SAFE_INTEGER).length;

/** All entries; those of a kind and a day are below it. */
export const ENTRIES: StorageKey = ["entry"];

/** What leads from all accounts at the provider to their entries. */
export const BY_ACCOUNT: StorageKey = ["by-account"];

/** What leads to the entries with a trace code, the newest first. @param code see {@link sameTraceCode}. */
export function byCodeKeys(code: string): StorageKey {
	return ["by-code", code];
}

/** What leads to the entries of an account at the provider, the newest first. @param who see `SignInEntry.who`. */
export function byAccountKeys(who: string): StorageKey {
	return [...BY_ACCOUNT, who];
}

/** What leads from its account to an entry. Nothing for an entry that names nobody. */
export function keysFromAccount({ at, who }: SignInEntry, key: StorageKey): readonly StorageKey[] {
	return who === null ? [] : [[...byAccountKeys(who), placeOf(at, key)]];
}

/** All that leads to an entry. A function of the entry alone, so that nothing has to be read to delete it. */
export function keysTo(entry: SignInEntry, key: StorageKey): readonly StorageKey[] {
	const code = sameTraceCode(entry.traceCode);
	const fromCode = code === "" ? [] : [[...byCodeKeys(code), placeOf(entry.at, key)]];
	return [...fromCode, ...keysFromAccount(entry, key)];
}

/** Sets for all that leads to an entry: at most two. They do not change the entry itself. */
export function keySets(entry: SignInEntry, key: StorageKey): Sets {
	const value = key.slice(ENTRIES.length);
	const expiresAt = entry.at + KEPT_MS;
	return keysTo(entry, key).map((each) => ({ key: each, value, expiresAt }));
}

/** Sets for a new entry and all that leads to it: at most three. */
export function entrySets(entry: SignInEntry, key: StorageKey): Sets {
	return [{ key, value: entry, expiresAt: entry.at + KEPT_MS }, ...keySets(entry, key)];
}

/** Sorts the newest entry first. After the time comes what no other entry has. */
function placeOf(at: number, key: StorageKey): string {
	const age = Number.MAX_SAFE_INTEGER - Math.max(0, Math.trunc(at));
	return `${String(age).padStart(DIGITS, "0")}${String(key.at(-1)).slice(DIGITS)}`;
}
