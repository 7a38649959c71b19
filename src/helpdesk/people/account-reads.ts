import { createHash } from "node:crypto";
import type { HostStorage, StorageEntry, StorageKey } from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import {
	fieldsOf,
	readableEntries,
	readEntry,
	readText,
	type StoredKind,
} from "../../storage/stored-value.ts";
import { comparedAddress } from "../mail/email-key.ts";
import { createdKeyOf, emailKey, keysToFind } from "./account-keys.ts";
import {
	type Account,
	accountKey,
	accountOf,
	STORED_ACCOUNT,
	type StoredAccount,
} from "./stored-account.ts";

/** The form of all ids. The address of a page may hold any text, even text that no storage key can hold. */
const ID = /^[\w-]{1,64}$/;

const OWNER: StoredKind<string> = { name: "accounts/email", read: readText };
const CREATED: StoredKind<string> = { name: "accounts/created", read: readText };

/** The most accounts in a page of a list. */
const ACCOUNTS_PER_PAGE = 100;

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

/** Finds accounts: by id, by address, by the plugin's key that one was made for, and page by page. */
export class AccountReads {
	/** @param report called for values that cannot be read and are left out of {@link page}. */
	constructor(
		protected readonly storage: HostStorage,
		protected readonly report: (what: string, error: unknown) => void,
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
		for await (const page of pagesOf(this.storage, accountKey(), 1000)) {
			count += page.filter(({ value }) => fieldsOf(value)["brandId"] === brandId).length;
		}
		return count;
	}

	/** See `Accounts.page`. */
	async page(cursor?: string, report = this.report): Promise<AccountPage> {
		const limit = ACCOUNTS_PER_PAGE;
		const { entries, cursor: next } = await this.storage.list(
			accountKey(),
			cursor === undefined ? { limit } : { limit, cursor },
		);
		const accounts = readableEntries(entries, STORED_ACCOUNT, report).map(({ key, value }) =>
			accountOf(String(key.at(-1)), value),
		);
		return { accounts, next };
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

	protected async entryOf(userId: string): Promise<StorageEntry | undefined> {
		return accountEntry(this.storage, userId);
	}
}

/** @param userId any text. @returns undefined too for one that no user can have as an id. */
export async function accountEntry(
	storage: HostStorage,
	userId: string,
): Promise<StorageEntry | undefined> {
	return ID.test(userId) ? storage.get(accountKey(userId)) : undefined;
}
