import { createHash, randomUUID } from "node:crypto";
import { displayName } from "../../contract/display-name.ts";
import type {
	HostStorage,
	StorageCommit,
	StorageEntry,
	StorageKey,
} from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import {
	fieldsOf,
	readableEntries,
	readEntry,
	readText,
	type StoredKind,
} from "../../storage/stored-value.ts";
import { comparedAddress } from "../mail/email-key.ts";
import { createdKeyOf, emailKey, keysToFind } from "./account-keys.ts";
import { type EndedUser, endNote } from "./ended-users.ts";
import {
	type Account,
	accountOf,
	provenAccount,
	STORED_ACCOUNT,
	type StoredAccount,
} from "./stored-account.ts";

/** The form of all ids. The address of a page may hold any text, even text that no storage key can hold. */
const ID = /^[\w-]{1,64}$/;

const OWNER: StoredKind<string> = { name: "accounts/email", read: readText };
const CREATED: StoredKind<string> = { name: "accounts/created", read: readText };

/** The most accounts in a page of a list. */
export const ACCOUNTS_PER_PAGE = 100;

/** Some of all accounts. */
export interface AccountPage {
	readonly accounts: readonly Account[];
	/** The cursor for the next page; undefined on the last one. */
	readonly next: string | undefined;
}

/** The account that a plugin's key stands for. */
export interface CreatedAccount {
	readonly key: StorageKey;
	/** The version of the entry; null where there is none. */
	readonly version: string | null;
	/** Undefined for a key that was never used, and for one whose account was deleted. */
	readonly account: Account | undefined;
}

/** A change of an account. */
interface AccountChange<Result> {
	readonly entry: StorageEntry;
	/** The account as it was. */
	readonly stored: StoredAccount;
	/** The account as it is from then on; undefined: it is deleted. */
	readonly value: StoredAccount | undefined;
	/** What else happens in the same commit. */
	readonly more?: StorageCommit;
	readonly result: Result;
}

/**
 * Stores accounts, one entry each. Two more entries lead to an account: from its address, and from the plugin's key
 * that it was made for.
 */
export class AccountRecords {
	/**
	 * @param report called for values that cannot be read and are left out of {@link page}.
	 * @param onEnd called after a commit that has ended all sessions of a user. A note of it is stored, see `EndedUsers`.
	 */
	constructor(
		private readonly storage: HostStorage,
		private readonly report: (what: string, error: unknown) => void,
		private readonly onEnd: () => void = () => {},
	) {}

	async find(userId: string): Promise<Account | undefined> {
		const stored = await this.findStored(userId);
		return stored && accountOf(userId, stored);
	}

	async findStored(userId: string): Promise<StoredAccount | undefined> {
		const entry = await this.entryOf(userId);
		return entry && readEntry(entry, STORED_ACCOUNT);
	}

	async byEmail(brandId: string, email: string): Promise<Account | undefined> {
		return (await this.holdersOf(brandId, email).next()).value;
	}

	/** More than one only where an older version gave two spellings of an address to two accounts. */
	async allByEmail(brandId: string, email: string): Promise<Account[]> {
		const holders: Account[] = [];
		for await (const holder of this.holdersOf(brandId, email)) {
			holders.push(holder);
		}
		return holders;
	}

	/**
	 * Whether an account has this address, or an account of an older version lies under its key with one that only looks
	 * like it. Such an address cannot be given to anybody else.
	 *
	 * @param email in its canonical form.
	 */
	async isTaken(brandId: string, email: string): Promise<boolean> {
		const owner = await this.byEmail(brandId, email);
		return owner !== undefined || (await this.storage.get(emailKey(brandId, email))) !== undefined;
	}

	/** @param key the key that a plugin chose, see `Users.create`. */
	async createdFor(key: string): Promise<CreatedAccount> {
		const createdKey = createdKeyOf(createHash("sha256").update(key).digest("base64url"));
		const entry = await this.storage.get(createdKey);
		return {
			key: createdKey,
			version: entry?.version ?? null,
			account: entry && (await this.find(readEntry(entry, CREATED))),
		};
	}

	/** Whether a brand has an account with an e-mail address. */
	async hasAnyAt(brandId: string): Promise<boolean> {
		return (await this.storage.list(["email", brandId], { limit: 1 })).entries.length > 0;
	}

	/** How many accounts a brand has, those without an address too. Reads every account of the helpdesk. */
	async countAt(brandId: string): Promise<number> {
		let count = 0;
		for await (const page of pagesOf(this.storage, ["account"], 1000)) {
			count += page.filter(({ value }) => fieldsOf(value)["brandId"] === brandId).length;
		}
		return count;
	}

	/** See `Accounts.page`. */
	async page(cursor?: string, report = this.report): Promise<AccountPage> {
		const limit = ACCOUNTS_PER_PAGE;
		const { entries, cursor: next } = await this.storage.list(
			["account"],
			cursor === undefined ? { limit } : { limit, cursor },
		);
		const accounts = readableEntries(entries, STORED_ACCOUNT, report).map(({ key, value }) =>
			accountOf(String(key.at(-1)), value),
		);
		return { accounts, next };
	}

	/**
	 * The commit that adds an account. It fails if the address or the plugin's key is taken meanwhile. A name of which
	 * nothing can be shown becomes the local part of the address.
	 *
	 * @param created the plugin's key that it is made for.
	 */
	addition(
		stored: Omit<StoredAccount, "createdFor">,
		created?: CreatedAccount,
	): { readonly commit: StorageCommit; readonly account: Account } {
		const id = randomUUID();
		const { brandId, email } = stored;
		const name = displayName(stored.name) || (email.split("@")[0] ?? "");
		const owner = email === "" ? [] : [{ key: emailKey(brandId, email), version: null }];
		const taken = [...owner, ...(created === undefined ? [] : [created])];
		const value = { ...stored, name, createdFor: created?.key.at(-1) ?? null };
		return {
			commit: {
				checks: taken.map(({ key, version }) => ({ key, version })),
				sets: [{ key: ["account", id], value }, ...taken.map(({ key }) => ({ key, value: id }))],
			},
			account: accountOf(id, value),
		};
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

	async delete(userId: string): Promise<void> {
		await this.write(async () => {
			const entry = await this.entryOf(userId);
			if (entry === undefined) {
				return { result: undefined };
			}
			const stored = readEntry(entry, STORED_ACCOUNT);
			const more = { deletes: keysTo(stored) };
			return { entry, stored, value: undefined, more, result: undefined };
		});
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

	/** The accounts with an address, found one after the other so that who needs the first reads no more. */
	private async *holdersOf(brandId: string, email: string): AsyncGenerator<Account, undefined> {
		const wanted = comparedAddress(email);
		if (wanted === "") {
			return;
		}
		for (const key of keysToFind(wanted, email)) {
			const entry = await this.storage.get(["email", brandId, key]);
			const account = entry && (await this.find(readEntry(entry, OWNER)));
			if (account !== undefined && comparedAddress(account.email ?? "") === wanted) {
				yield account;
			}
		}
	}

	private async entryOf(userId: string): Promise<StorageEntry | undefined> {
		return ID.test(userId) ? this.storage.get(["account", userId]) : undefined;
	}
}

/** Whether the user can be logged in, and nobody has proven an address of the account. */
function mayProve({ status, confirmed, email }: StoredAccount): boolean {
	const isActive = status === "active" || status === "incomplete";
	return isActive && !(confirmed && email !== "");
}

/** The keys that lead to an account. */
function keysTo({ brandId, email, createdFor }: StoredAccount): readonly StorageKey[] {
	return [
		...(email === "" ? [] : [emailKey(brandId, email)]),
		...(createdFor === null ? [] : [createdKeyOf(createdFor)]),
	];
}

function commitOf({
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

function endOf<Result>(ended: EndedUser, commit: StorageCommit, result: Result) {
	const sets = [...(commit.sets ?? []), endNote(ended)];
	return { commit: { ...commit, sets }, result: { result, ended } };
}
