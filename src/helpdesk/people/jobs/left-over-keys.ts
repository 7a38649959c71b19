import type {
	HostStorage,
	StorageCommit,
	StorageEntry,
	StorageKey,
} from "../../../contract/storage.ts";
import { inParallel } from "../../in-parallel.ts";
import { classKeys, indexKeys, newestKeys, wordKeys } from "../account-index.ts";
import { linksDueKey } from "../links-due.ts";
import { accountKey, STORED_ACCOUNT, type StoredAccount } from "../stored-account.ts";
import { unprovenKeys } from "../unproven-hints.ts";

/** How far the walk is. */
export type LeftOverPlace = {
	/** Of the keys that are walked, see {@link KINDS}. */
	readonly kind: string;
	readonly cursor: string | null;
};

interface LeftOverStep {
	readonly commit: StorageCommit;
	/** How many keys it deletes. */
	readonly dropped: number;
	/** Undefined: all keys are walked. */
	readonly next: LeftOverPlace | undefined;
}

/** The keys that lead to accounts, kind by kind, each with the id of the user as its last part. */
const KINDS = [wordKeys(), newestKeys(), classKeys(), unprovenKeys(), linksDueKey()].map(firstPart);

/** Each key is deleted, and its account checked. */
const KEYS_PER_STEP = 150;
const READS_AT_ONCE = 3;

export const FIRST_PLACE: LeftOverPlace = { kind: firstPart(wordKeys()), cursor: null };

/**
 * Finds keys that lead to an account which is gone, or does not have them. An earlier version leaves them when it changes
 * or deletes an account, and nobody else deletes those that no search comes across.
 */
export class LeftOverKeys {
	/** @param storage that of the accounts. */
	constructor(private readonly storage: HostStorage) {}

	/** Walks some keys. The commit fits as long as their accounts have not changed. */
	async step({ kind, cursor }: LeftOverPlace): Promise<LeftOverStep> {
		const page = await this.storage.list([kind], {
			limit: KEYS_PER_STEP,
			...(cursor !== null && { cursor }),
		});
		const users = [...new Set(page.entries.map(userOf))];
		const entries = await inParallel(users, READS_AT_ONCE, (userId) =>
			this.storage.get(accountKey(userId)),
		);
		const accounts = new Map(users.map((userId, index) => [userId, entries[index]]));
		const left = page.entries.filter((entry) => isLeftOver(entry, accounts.get(userOf(entry))));
		const checked = [...new Set(left.map(userOf))];
		const following = KINDS[KINDS.indexOf(kind) + 1];
		return {
			commit: {
				checks: checked.map((userId) => ({
					key: accountKey(userId),
					version: accounts.get(userId)?.version ?? null,
				})),
				deletes: left.map(({ key }) => key),
			},
			dropped: left.length,
			next:
				page.cursor !== undefined
					? { kind, cursor: page.cursor }
					: following === undefined
						? undefined
						: { kind: following, cursor: null },
		};
	}
}

/** Whether a key leads to nobody. Those of an account that cannot be read stay. */
function isLeftOver({ key }: StorageEntry, account: StorageEntry | undefined): boolean {
	if (account === undefined) {
		return true;
	}
	const stored = STORED_ACCOUNT.read(account.value);
	return stored !== undefined && !hasKey(userOf({ key }), stored, key);
}

function hasKey(userId: string, stored: StoredAccount, key: StorageKey): boolean {
	switch (firstPart(key)) {
		case firstPart(unprovenKeys()):
			return !stored.confirmed && key[1] === stored.brandId;
		case firstPart(linksDueKey()):
			return true;
		default:
			return indexKeys(userId, stored).some((each) => each.join("/") === key.join("/"));
	}
}

function userOf({ key }: Pick<StorageEntry, "key">): string {
	return String(key.at(-1));
}

function firstPart(key: StorageKey): string {
	return key[0] ?? "";
}
