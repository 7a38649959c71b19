import { createHash } from "node:crypto";
import type { StorageCommit, StorageKey } from "../../contract/storage.ts";
import { countNames, type Ways, waysOf } from "./count-names.ts";
import { searchedOf, wordsOf } from "./search-words.ts";
import { accountOf, type StoredAccount } from "./stored-account.ts";
import { firstHint, firstHintKey } from "./unproven-hints.ts";

export type { Ways };

/** What a commit of an account writes for the index and the counts. */
export interface IndexPart {
	/** The account as it is stored from then on. */
	readonly value: StoredAccount | undefined;
	readonly sets: NonNullable<StorageCommit["sets"]>;
	readonly deletes: readonly StorageKey[];
}

const DIGITS = String(Number.MAX_SAFE_INTEGER).length;
const DIGEST_LENGTH = 8;

/**
 * The keys by which a list or a search finds an account: one for each word, one among all accounts, the newest first, and
 * one among those of its status, ways to log in and brand. A function of the record alone, so that nothing has to be read
 * to delete them.
 */
export function indexKeys(userId: string, stored: StoredAccount): readonly StorageKey[] {
	const { status, brandId, createdAt = 0 } = stored;
	const age = String(Number.MAX_SAFE_INTEGER - Math.trunc(createdAt)).padStart(DIGITS, "0");
	return [
		...wordsOf(searchedOf(userId, stored)).map((word) => [...wordKeys(), word, userId]),
		[...newestKeys(), age, userId],
		[...classKeys(status, waysOf(accountOf(userId, stored)), brandId), age, userId],
	];
}

export function wordKeys(): StorageKey {
	return ["word"];
}

export function newestKeys(): StorageKey {
	return ["newest"];
}

export function classKeys(
	status: StoredAccount["status"],
	ways: Ways,
	...brandId: [] | [string]
): StorageKey {
	return ["class", status, ways, ...brandId];
}

/** The note that the counts of a user may have changed, which the next fold works off. */
export function countDueKey(...userId: [] | [string]): StorageKey {
	return ["count-due", ...userId];
}

/** Whether the keys of the index are those of this record. An earlier version changes records without their keys. */
export function isIndexed(userId: string, stored: StoredAccount): boolean {
	return stored.indexed === digestOf(indexKeys(userId, stored));
}

/**
 * The part of an account's commit that keeps the index and the counts right. All its keys are the account's own, so that no
 * other commit can fail because of them.
 *
 * @param before undefined: the account is made.
 * @param after undefined: the account is deleted.
 */
export function indexPart(
	userId: string,
	before: StoredAccount | undefined,
	after: StoredAccount | undefined,
): IndexPart {
	const old = before === undefined ? [] : indexKeys(userId, before);
	const now = after === undefined ? [] : indexKeys(userId, after);
	const isRight = before === undefined || before.indexed === digestOf(old);
	const isCounted = isRight && namesOf(userId, before) === namesOf(userId, after);
	const isNew = before?.indexed === undefined;
	const isProven = before?.confirmed === false && after?.confirmed !== false;
	return {
		value: after && { ...after, indexed: digestOf(now) },
		sets: [
			...without(now, isRight ? old : []).map((key) => ({ key, value: null })),
			...(isCounted ? [] : [{ key: countDueKey(userId), value: null }]),
			...(isNew && after !== undefined ? firstHint(userId, after) : []),
		],
		deletes: [
			...without(old, now),
			...(before !== undefined && isProven ? [firstHintKey(userId, before)] : []),
		],
	};
}

/**
 * What writes all keys of an account again, whatever is there. Not the hint: somebody may have moved it to a later day.
 */
export function wholeIndexPart(userId: string, stored: StoredAccount): IndexPart {
	const keys = indexKeys(userId, stored);
	return {
		value: { ...stored, indexed: digestOf(keys) },
		sets: [
			...[...keys, countDueKey(userId)].map((key) => ({ key, value: null })),
			...(stored.indexed === undefined ? firstHint(userId, stored) : []),
		],
		deletes: [],
	};
}

function namesOf(userId: string, stored: StoredAccount | undefined): string {
	return stored === undefined ? "" : JSON.stringify([stored.brandId, countNames(userId, stored)]);
}

function without(
	keys: readonly StorageKey[],
	others: readonly StorageKey[],
): readonly StorageKey[] {
	const left = new Set(others.map((key) => JSON.stringify(key)));
	return keys.filter((key) => !left.has(JSON.stringify(key)));
}

function digestOf(keys: readonly StorageKey[]): string {
	const sorted = keys.map((key) => JSON.stringify(key)).sort();
	return createHash("sha256").update(sorted.join("\n")).digest("base64url").slice(0, DIGEST_LENGTH);
}
