import { createHash } from "node:crypto";
import type { StorageCommit, StorageKey } from "../../contract/storage.ts";
import { countNames, type Ways, waysOf } from "./count-names.ts";
import { searchedOf, wordsOf } from "./search-words.ts";
import { accountOf, hasWayIn, type StoredAccount } from "./stored-account.ts";
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

/** A key of the index, and its text as JSON. Commits compare the texts. */
interface KeyText {
	readonly key: StorageKey;
	readonly text: string;
}

/**
 * The keys by which a list or a search finds an account: one for each word, one among all accounts, the newest first, and
 * one among those of its status, ways to log in and brand. A function of the record alone, so that nothing has to be read
 * to delete them.
 */
export function indexKeys(userId: string, stored: StoredAccount): readonly StorageKey[] {
	return keyTexts(userId, stored).map(({ key }) => key);
}

function keyTexts(userId: string, stored: StoredAccount): readonly KeyText[] {
	const { status, brandId, createdAt = 0 } = stored;
	const age = String(Number.MAX_SAFE_INTEGER - Math.trunc(createdAt)).padStart(DIGITS, "0");
	return [
		...wordsOf(searchedOf(userId, stored)).map((word) => [...wordKeys(), word, userId]),
		[...newestKeys(), age, userId],
		[...classKeys(status, waysOf(accountOf(userId, stored)), brandId), age, userId],
	].map((key) => ({ key, text: JSON.stringify(key) }));
}

export function wordKeys(): StorageKey {
	return ["word"];
}

export function newestKeys(): StorageKey {
	return ["newest"];
}

export function classKeys(
	...of: [] | [StoredAccount["status"], Ways, ...([] | [brandId: string])]
): StorageKey {
	return ["class", ...of];
}

/** The note that the counts of a user may have changed, which the next fold works off. */
export function countDueKey(...userId: [] | [string]): StorageKey {
	return ["count-due", ...userId];
}

/** Whether the keys of the index are those of this record. An earlier version changes records without their keys. */
export function isIndexed(userId: string, stored: StoredAccount): boolean {
	return stored.indexed !== undefined && stored.indexed === digestOf(keyTexts(userId, stored));
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
	const old = before === undefined ? [] : keyTexts(userId, before);
	const isSame = before !== undefined && after !== undefined && haveSameKeys(before, after);
	const now = isSame ? old : after === undefined ? [] : keyTexts(userId, after);
	const isNew = before?.indexed === undefined;
	// A record of an earlier version has none, so nothing is to be compared.
	const digest = isNew ? undefined : digestOf(old);
	const isRight = before === undefined || (digest !== undefined && before.indexed === digest);
	const isCounted = isRight && namesOf(userId, before) === namesOf(userId, after);
	const isProven = before?.confirmed === false && after?.confirmed !== false;
	return {
		value: after && { ...after, indexed: (isSame && digest) || digestOf(now) },
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
	const keys = keyTexts(userId, stored);
	return {
		value: { ...stored, indexed: digestOf(keys) },
		sets: [
			...[...keys.map(({ key }) => key), countDueKey(userId)].map((key) => ({ key, value: null })),
			...(stored.indexed === undefined ? firstHint(userId, stored) : []),
		],
		deletes: [],
	};
}

function namesOf(userId: string, stored: StoredAccount | undefined): string {
	return stored === undefined ? "" : JSON.stringify([stored.brandId, countNames(userId, stored)]);
}

/** Whether two records of a user certainly have the same keys, because they say the same in all that the keys are made of. */
function haveSameKeys(one: StoredAccount, other: StoredAccount): boolean {
	return (
		one.name === other.name &&
		one.email === other.email &&
		one.links === other.links &&
		one.status === other.status &&
		one.brandId === other.brandId &&
		one.createdAt === other.createdAt &&
		hasWayIn(one) === hasWayIn(other)
	);
}

function without(keys: readonly KeyText[], others: readonly KeyText[]): readonly StorageKey[] {
	if (keys === others || others.length === 0) {
		return keys === others ? [] : keys.map(({ key }) => key);
	}
	const left = new Set(others.map(({ text }) => text));
	return keys.filter(({ text }) => !left.has(text)).map(({ key }) => key);
}

function digestOf(keys: readonly KeyText[]): string {
	const sorted = keys.map(({ text }) => text).sort();
	return createHash("sha256").update(sorted.join("\n")).digest("base64url").slice(0, DIGEST_LENGTH);
}
