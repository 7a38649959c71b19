import { randomUUID } from "node:crypto";
import type { Clock } from "../../contract/clock.ts";
import { displayName } from "../../contract/display-name.ts";
import type { HostStorage, StorageCheck, StorageCommit } from "../../contract/storage.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { readEntry } from "../../storage/stored-value.ts";
import { comparedAddress } from "../mail/email-key.ts";
import { type AccountChange, additionOf, commitOf, endOf, keysTo } from "./account-commits.ts";
import { isIndexed } from "./account-index.ts";
import { emailKey } from "./account-keys.ts";
import { AccountReads, type CreatedAccount } from "./account-reads.ts";
import type { EndedUser } from "./ended-users.ts";
import { keptLinks, type LinksNote, linksDueKey, linksNote, notesBefore } from "./links-due.ts";
import {
	type Account,
	type AccountLink,
	accountOf,
	provenAccount,
	STORED_ACCOUNT,
	type StoredAccount,
} from "./stored-account.ts";

/** Notes that one look for due links lists at once, and the most lists. */
const NOTES_PER_LOOK = 200;
const MOST_LOOKS = 10;

/**
 * Stores accounts, one entry each. Two more entries lead to an account: from its address, and from the plugin's key
 * that it was made for.
 */
export class AccountRecords extends AccountReads {
	/** Where {@link linksDue} goes on. Undefined: at the first note. */
	private notesFrom: string | undefined;

	/**
	 * @param report called for values that cannot be read and are left out of {@link page}.
	 * @param onEnd called after a commit that has ended all sessions of a user. A note of it is stored, see `EndedUsers`.
	 */
	constructor(
		storage: HostStorage,
		private readonly clock: Clock,
		report: (what: string, error: unknown) => void,
		private readonly onEnd: () => void = () => {},
	) {
		super(storage, report);
	}

	/**
	 * The commit that adds an account. It fails if the address or the plugin's key is taken meanwhile. A name of which
	 * nothing can be shown becomes the local part of the address.
	 *
	 * @param created the plugin's key that it is made for.
	 */
	addition(
		stored: Omit<StoredAccount, "createdFor" | "createdAt" | "links" | "indexed" | "passkeys">,
		created?: CreatedAccount,
	): { readonly commit: StorageCommit; readonly account: Account } {
		const id = randomUUID();
		const { brandId, email } = stored;
		const name = displayName(stored.name) || (email.split("@")[0] ?? "");
		const owner = email === "" ? [] : [{ key: emailKey(brandId, email), version: null }];
		const taken = [...owner, ...(created === undefined ? [] : [created])];
		const createdFor = created?.key.at(-1) ?? null;
		const value = { ...stored, name, createdFor, createdAt: this.clock.now(), links: [] };
		return { commit: additionOf(id, value, taken), account: accountOf(id, value) };
	}

	/**
	 * @param change undefined: the account stays as it is.
	 * @returns the account as this call stored it; undefined when there is none, or it stays as it is.
	 */
	async change(
		userId: string,
		change: (stored: StoredAccount) => StoredAccount | undefined,
	): Promise<Account | undefined> {
		return this.write(async () => {
			const entry = await this.entryOf(userId);
			const stored = entry && readEntry(entry, STORED_ACCOUNT);
			const value = stored && change(stored);
			return entry === undefined || stored === undefined || value === undefined
				? { result: undefined }
				: { entry, stored, value, result: accountOf(userId, value) };
		});
	}

	/**
	 * Makes an address, to which a letter was sent and read, that of an account, in place of one that nobody has proven. The
	 * account is confirmed from then on, and its password and sessions end. Of several simultaneous calls with one address,
	 * one gets it.
	 *
	 * @param email in its canonical form.
	 * @param sessionEpoch of the account when the letter was asked for.
	 * @returns the account; `taken` when somebody else has the address; undefined when there is no such account, its
	 * sessions ended since, it may not log in, or its address is proven already.
	 */
	async giveAddress(
		userId: string,
		email: string,
		sessionEpoch: number,
	): Promise<Account | "taken" | undefined> {
		return this.write<Account | "taken" | undefined>(async () => {
			const entry = await this.entryOf(userId);
			const stored = entry && readEntry(entry, STORED_ACCOUNT);
			if (entry === undefined || stored?.sessionEpoch !== sessionEpoch || !mayProve(stored)) {
				return { result: undefined };
			}
			if (comparedAddress(stored.email) === email) {
				// An older version may have stored another spelling, which leads to the account as it is.
				const value = provenAccount(stored);
				return { entry, stored, value, result: accountOf(userId, value) };
			}
			const { brandId } = stored;
			if (await this.isTaken(brandId, email)) {
				return { result: "taken" };
			}
			const value = provenAccount({ ...stored, email });
			const owner = emailKey(brandId, email);
			const more = {
				checks: [{ key: owner, version: null }],
				sets: [{ key: owner, value: userId }],
				deletes: stored.email === "" ? [] : [emailKey(brandId, stored.email)],
			};
			return { entry, stored, value, more, result: accountOf(userId, value) };
		});
	}

	/**
	 * @param heirId the user who has got what belonged to this one. The commit checks that they are still there, so that of two
	 * users who are merged into each other one stays. Left out: nobody.
	 * @returns false when the account stays, because its brand has no such heir. True also when there is no account.
	 */
	async delete(userId: string, heirId?: string): Promise<boolean> {
		return this.write(async () => {
			const entry = await this.entryOf(userId);
			if (entry === undefined) {
				return { result: true };
			}
			const stored = readEntry(entry, STORED_ACCOUNT);
			const checks = heirId === undefined ? [] : await this.heirAt(stored.brandId, heirId);
			if (checks === undefined) {
				return { result: false };
			}
			const more = { checks, deletes: keysTo(userId, stored) };
			return { entry, stored, value: undefined, more, result: true };
		});
	}

	/**
	 * Stores what is linked to a user, as the add-ons have just said it, and drops the note that it is due.
	 *
	 * @param note the version of the note when the add-ons were asked; null: there was none. See {@link linksNote}.
	 * @param account the version of the account when the add-ons were asked, see {@link knownLinks}. A whole deed may leave no
	 * note. Left out: nobody was asked.
	 * @returns the account; undefined when there is none, or it or the note has changed since.
	 */
	async setLinks(
		userId: string,
		links: readonly AccountLink[],
		note: string | null,
		account?: string,
	): Promise<Account | undefined> {
		const key = linksDueKey(userId);
		return this.write(async () => {
			const [entry, version] = await Promise.all([this.entryOf(userId), this.linksNote(userId)]);
			if (version !== note || entry === undefined || entry.version !== (account ?? entry.version)) {
				return { result: undefined };
			}
			const stored = readEntry(entry, STORED_ACCOUNT);
			const kept = keptLinks(links);
			const isSame = JSON.stringify(stored.links) === JSON.stringify(kept);
			const value = isSame ? stored : { ...stored, links: kept };
			const more = { checks: [{ key, version }], deletes: note === null ? [] : [key] };
			return { entry, stored, value, more, result: accountOf(userId, value) };
		});
	}

	/** The version of the note that what is linked to a user is due; null: it is not. Read it before the add-ons are asked. */
	async linksNote(userId: string): Promise<string | null> {
		return (await this.storage.get(linksDueKey(userId)))?.version ?? null;
	}

	/** What the account of a user says about links, and its version. Read it before the add-ons are asked. */
	async knownLinks(
		userId: string,
	): Promise<(Pick<Account, "links"> & { readonly version: string }) | undefined> {
		const entry = await this.entryOf(userId);
		return entry && { links: readEntry(entry, STORED_ACCOUNT).links, version: entry.version };
	}

	/** Notes that what is linked to these users is due, before a deed that changes it. Ends {@link setLinks} under way. */
	async noteLinks(userIds: readonly string[]): Promise<void> {
		const at = this.clock.now();
		const sets = userIds.map((userId) => linksNote(userId, at));
		if (sets.length > 0) {
			await this.storage.commit({ sets });
		}
	}

	/** Drops the note of a user who was deleted, unless there is a newer one. */
	async dropNote(userId: string, version: string): Promise<void> {
		const key = linksDueKey(userId);
		await this.storage.commit({ checks: [{ key, version }], deletes: [key] });
	}

	/**
	 * The users whose notes are from before a time, the oldest first among the notes that it looks at. Notes that it has no
	 * time for come first in the next call, so that many that cannot be worked off keep no others waiting. A user who is
	 * deleted meanwhile may be one of them.
	 */
	async linksDue(olderThan: number, limit: number): Promise<readonly LinksNote[]> {
		const due: LinksNote[] = [];
		let cursor = this.notesFrom;
		for (let looks = 0; looks < MOST_LOOKS && due.length < limit; looks += 1) {
			const page = await this.storage.list(linksDueKey(), {
				limit: NOTES_PER_LOOK,
				...(cursor !== undefined && { cursor }),
			});
			due.push(...notesBefore(page.entries, olderThan));
			cursor = page.cursor;
			if (cursor === undefined) {
				break;
			}
		}
		this.notesFrom = cursor;
		return due.slice(0, limit);
	}

	/** Writes the keys of an account into the index, where an earlier version has changed the account without them. */
	async indexAgain(userId: string): Promise<void> {
		await this.change(userId, (stored) => (isIndexed(userId, stored) ? undefined : stored));
	}

	/** The check that a user of a brand is still there; undefined when there is none. */
	private async heirAt(
		brandId: string,
		userId: string,
	): Promise<readonly StorageCheck[] | undefined> {
		const entry = await this.entryOf(userId);
		return entry !== undefined && readEntry(entry, STORED_ACCOUNT).brandId === brandId
			? [{ key: entry.key, version: entry.version }]
			: undefined;
	}

	/** Every change of an account goes through here, so that no change that ends its sessions goes without a note of it. */
	private async write<Result>(
		decide: () => Promise<AccountChange<Result> | { readonly result: Result }>,
	): Promise<Result> {
		const { result, ended } = await updateEntry<{ result: Result; ended?: EndedUser }>(
			this.storage,
			async () => {
				const change = await decide();
				const { result } = change;
				if (!("entry" in change)) {
					return { result: { result } };
				}
				const { key } = change.entry;
				const { brandId, sessionEpoch } = change.stored;
				return change.value?.sessionEpoch === sessionEpoch
					? { commit: commitOf(change), result: { result } }
					: endOf({ userId: String(key.at(-1)), brandId }, commitOf(change), result);
			},
		);
		if (ended !== undefined) {
			this.onEnd();
		}
		return result;
	}
}

/** Whether the user can be logged in, and nobody has proven an address of the account. */
function mayProve({ status, confirmed, email }: StoredAccount): boolean {
	const isActive = status === "active" || status === "incomplete";
	return isActive && !(confirmed && email !== "");
}
