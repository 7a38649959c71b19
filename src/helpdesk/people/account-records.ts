import { createHash, randomUUID } from "node:crypto";
import { domainToUnicode } from "node:url";
import type {
	HostStorage,
	StorageCommit,
	StorageEntry,
	StorageKey,
} from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import {
	readableEntries,
	readEntry,
	readText,
	type StoredKind,
} from "../../storage/stored-value.ts";
import { addressKey, comparedAddress } from "../mail/email-key.ts";
import { type Account, accountOf, STORED_ACCOUNT, type StoredAccount } from "./stored-account.ts";

/** The form of all ids. The address of a page may hold other text, which may not even be part of a storage key. */
const ID = /^[\w-]{1,64}$/;

const OWNER: StoredKind<string> = { name: "accounts/email", read: readText };
const CREATED: StoredKind<string> = { name: "accounts/created", read: readText };

/** The account that a plugin's key stands for. */
export interface CreatedAccount {
	readonly key: StorageKey;
	/** Of the entry; null where there is none. */
	readonly version: string | null;
	/** Undefined for a key that was never used, and for one whose account was deleted. */
	readonly account: Account | undefined;
}

/** How accounts are stored: an entry for each, which its address and the plugin's key it was made for lead to. */
export class AccountRecords {
	/** @param report of values that cannot be read and are left out of {@link all}. */
	constructor(
		private readonly storage: HostStorage,
		private readonly report: (what: string, error: unknown) => void,
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
		const wanted = comparedAddress(email);
		if (wanted === "") {
			return undefined;
		}
		for (const key of keysToFind(wanted, email)) {
			const entry = await this.storage.get(["email", brandId, key]);
			const account = entry && (await this.find(readEntry(entry, OWNER)));
			if (account !== undefined && comparedAddress(account.email ?? "") === wanted) {
				return account;
			}
		}
		return undefined;
	}

	/** @param key of a plugin, see `Users.create`. */
	async createdFor(key: string): Promise<CreatedAccount> {
		const createdKey = createdKeyOf(createHash("sha256").update(key).digest("base64url"));
		const entry = await this.storage.get(createdKey);
		return {
			key: createdKey,
			version: entry?.version ?? null,
			account: entry && (await this.find(readEntry(entry, CREATED))),
		};
	}

	/** Everybody, in no particular order. */
	async all(report = this.report): Promise<Account[]> {
		const entries: StorageEntry[] = [];
		for await (const page of pagesOf(this.storage, ["account"])) {
			entries.push(...page);
		}
		return readableEntries(entries, STORED_ACCOUNT, report).map(({ key, value }) =>
			accountOf(String(key.at(-1)), value),
		);
	}

	/**
	 * The commit that adds an account, provided that nobody has its address or its plugin's key meanwhile.
	 *
	 * @param created for which key a plugin makes it.
	 */
	addition(
		stored: Omit<StoredAccount, "createdFor">,
		created?: CreatedAccount,
	): { readonly commit: StorageCommit; readonly account: Account } {
		const id = randomUUID();
		const { brandId, email } = stored;
		const owner = email === "" ? [] : [{ key: emailKey(brandId, email), version: null }];
		const taken = [...owner, ...(created === undefined ? [] : [created])];
		const value = { ...stored, createdFor: created?.key.at(-1) ?? null };
		return {
			commit: {
				checks: taken.map(({ key, version }) => ({ key, version })),
				sets: [{ key: ["account", id], value }, ...taken.map(({ key }) => ({ key, value: id }))],
			},
			account: accountOf(id, value),
		};
	}

	async change(userId: string, change: (stored: StoredAccount) => StoredAccount): Promise<void> {
		await updateEntry(this.storage, async () => {
			const entry = await this.entryOf(userId);
			return {
				commit: entry && {
					checks: [{ key: entry.key, version: entry.version }],
					sets: [{ key: entry.key, value: change(readEntry(entry, STORED_ACCOUNT)) }],
				},
				result: undefined,
			};
		});
	}

	async delete(userId: string): Promise<void> {
		await updateEntry(this.storage, async () => {
			const entry = await this.entryOf(userId);
			return { commit: entry && deletionOf(entry), result: undefined };
		});
	}

	private async entryOf(userId: string): Promise<StorageEntry | undefined> {
		return ID.test(userId) ? this.storage.get(["account", userId]) : undefined;
	}
}

function deletionOf(entry: StorageEntry): StorageCommit {
	const { brandId, email, createdFor } = readEntry(entry, STORED_ACCOUNT);
	return {
		checks: [{ key: entry.key, version: entry.version }],
		deletes: [
			entry.key,
			...(email === "" ? [] : [emailKey(brandId, email)]),
			...(createdFor === null ? [] : [createdKeyOf(createdFor)]),
		],
	};
}

function emailKey(brandId: string, email: string): StorageKey {
	return ["email", brandId, addressKey(email)];
}

/** Where an account may be found: older versions stored domains as they were typed, most of them in Unicode. */
function keysToFind(wanted: string, typed: string): ReadonlySet<string> {
	const [localPart = "", domain = ""] = wanted.split("@");
	const inUnicode = `${localPart}@${domainToUnicode(domain)}`;
	return new Set([wanted, typed.trim(), inUnicode].map(addressKey));
}

function createdKeyOf(createdFor: string): StorageKey {
	return ["created", createdFor];
}
