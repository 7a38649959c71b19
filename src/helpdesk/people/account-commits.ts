import type {
	StorageCheck,
	StorageCommit,
	StorageEntry,
	StorageKey,
} from "../../contract/storage.ts";
import { indexPart } from "./account-index.ts";
import { createdKeyOf, emailKey } from "./account-keys.ts";
import { type EndedUser, endNote } from "./ended-users.ts";
import { linksDueKey, linksNote } from "./links-due.ts";
import { accountKey, type StoredAccount } from "./stored-account.ts";

/** A change of an account. */
export interface AccountChange<Result> {
	readonly entry: Pick<StorageEntry, "key" | "version">;
	/** The account as it was. */
	readonly stored: StoredAccount;
	/** The account as it is from then on; undefined: it is deleted. */
	readonly value: StoredAccount | undefined;
	/** What else happens in the same commit. */
	readonly more?: StorageCommit;
	readonly result: Result;
}

/** The commit that adds an account, with its keys in the index. */
export function additionOf(
	userId: string,
	stored: StoredAccount,
	taken: readonly StorageCheck[],
): StorageCommit {
	const { value = stored, sets } = indexPart(userId, undefined, stored);
	const { createdFor, createdAt = 0 } = stored;
	return {
		checks: taken.map(({ key, version }) => ({ key, version })),
		sets: [
			{ key: accountKey(userId), value },
			...taken.map(({ key }) => ({ key, value: userId })),
			...sets,
			// What the plugin links to it is known only after this commit.
			...(createdFor === null ? [] : [linksNote(userId, createdAt)]),
		],
	};
}

/** The keys that lead to an account, and the note about its links. */
export function keysTo(
	userId: string,
	{ brandId, email, createdFor }: StoredAccount,
): readonly StorageKey[] {
	return [
		linksDueKey(userId),
		...(email === "" ? [] : [emailKey(brandId, email)]),
		...(createdFor === null ? [] : [createdKeyOf(createdFor)]),
	];
}

/** The commit of a change, with what it changes in the index. An account that stays as it is is only checked. */
export function commitOf({
	entry: { key, version },
	stored,
	value,
	more: { checks = [], sets = [], deletes = [] } = {},
}: Omit<AccountChange<unknown>, "result">): StorageCommit {
	const part = indexPart(String(key.at(-1)), stored, value);
	const isSame = value === stored && part.value?.indexed === stored.indexed;
	return {
		checks: [{ key, version }, ...checks],
		sets: [
			...(part.value === undefined || isSame ? [] : [{ key, value: part.value }]),
			...sets,
			...part.sets,
		],
		deletes: [...(value === undefined ? [key] : []), ...deletes, ...part.deletes],
	};
}

export function endOf<Result>(ended: EndedUser, commit: StorageCommit, result: Result) {
	const sets = [...(commit.sets ?? []), endNote(ended)];
	return { commit: { ...commit, sets }, result: { result, ended } };
}
