import type { StorageCommit, StorageEntry, StorageKey } from "../../contract/storage.ts";
import { createdKeyOf, emailKey } from "./account-keys.ts";
import { type EndedUser, endNote } from "./ended-users.ts";
import type { StoredAccount } from "./stored-account.ts";

/** A change of an account. */
export interface AccountChange<Result> {
	readonly entry: StorageEntry;
	/** The account as it was. */
	readonly stored: StoredAccount;
	/** The account as it is from then on; undefined: it is deleted. */
	readonly value: StoredAccount | undefined;
	/** What else happens in the same commit. */
	readonly more?: StorageCommit;
	readonly result: Result;
}

/** The keys that lead to an account. */
export function keysTo({ brandId, email, createdFor }: StoredAccount): readonly StorageKey[] {
	return [
		...(email === "" ? [] : [emailKey(brandId, email)]),
		...(createdFor === null ? [] : [createdKeyOf(createdFor)]),
	];
}

export function commitOf({
	entry: { key, version },
	value,
	more: { checks = [], sets = [], deletes = [] } = {},
}: Omit<AccountChange<unknown>, "result">): StorageCommit {
	return {
		checks: [{ key, version }, ...checks],
		sets: [...(value === undefined ? [] : [{ key, value }]), ...sets],
		deletes: [...(value === undefined ? [key] : []), ...deletes],
	};
}

export function endOf<Result>(ended: EndedUser, commit: StorageCommit, result: Result) {
	const sets = [...(commit.sets ?? []), endNote(ended)];
	return { commit: { ...commit, sets }, result: { result, ended } };
}
