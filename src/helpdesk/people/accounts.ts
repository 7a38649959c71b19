import { createHash, randomUUID } from "node:crypto";
import { domainToUnicode } from "node:url";
import { canonicalEmail } from "../../contract/email-address.ts";
import type { HostStorage, StorageEntry, StorageKey } from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import type {
	EmailOwner,
	NewUser,
	User,
	UserCreation,
	UserStatus,
	Users,
} from "../../contract/users.ts";
import { addressKey, comparedAddress } from "../mail/email-key.ts";
import { hashPassword, isPassword } from "./password-hash.ts";
import type { Registration } from "./registration.ts";

/** UUIDs are. What else a page's address says may be no key of a storage at all. */
const ID = /^[\w-]{1,64}$/;

export interface Account extends User {
	readonly confirmed: boolean;
	/** Made by an e-mailed ticket; nobody ever logged in to it. */
	readonly unclaimed: boolean;
	readonly hasPassword: boolean;
	/** Counts up when all sessions of the account end. */
	readonly sessionEpoch: number;
}

interface StoredAccount {
	readonly [name: string]: string | number | boolean | null;
	readonly brandId: string;
	readonly name: string;
	/** Empty for who has none. */
	readonly email: string;
	readonly locale: string;
	readonly password: string | null;
	readonly phone: string | null;
	readonly confirmed: boolean;
	readonly unclaimed: boolean;
	readonly status: UserStatus;
	readonly sessionEpoch: number;
	/** The last part of the key that remembers who was created for which key; null for who was not made so. */
	readonly createdFor: string | null;
}

/** How a log-in with a password ended. */
export type PasswordLogin =
	| { readonly kind: "in"; readonly account: Account }
	| { readonly kind: "wrong" | "suspended" | "awaiting-approval" };

/** The end users of the portals. An address is unique within a brand, in its canonical form. */
export class Accounts implements Users {
	/** @param isStaff whether an address belongs to an operator. */
	constructor(
		private readonly storage: HostStorage,
		private readonly registration: Registration,
		private readonly isStaff: (email: string) => Promise<boolean>,
	) {}

	async ownerOf(brandId: string, email: string): Promise<EmailOwner> {
		if (await this.isStaff(email)) {
			return { kind: "staff" };
		}
		const found = await this.byEmail(brandId, email);
		if (found === undefined) {
			return { kind: "nobody" };
		}
		const { id, confirmed, unclaimed, status } = found;
		return { kind: "user", id, confirmed, unclaimed, suspended: status === "suspended" };
	}

	async find(userId: string): Promise<Account | undefined> {
		const entry = await this.entryOf(userId);
		return entry && accountOf(userId, storedIn(entry));
	}

	async byEmail(brandId: string, email: string): Promise<Account | undefined> {
		const wanted = comparedAddress(email);
		if (wanted === "") {
			return undefined;
		}
		for (const key of keysToFind(wanted, email)) {
			const entry = await this.storage.get(["email", brandId, key]);
			const account = entry && (await this.find(String(entry.value)));
			if (account !== undefined && comparedAddress(account.email ?? "") === wanted) {
				return account;
			}
		}
		return undefined;
	}

	/** Everybody, in no particular order. */
	async all(): Promise<Account[]> {
		const accounts: Account[] = [];
		for await (const entries of pagesOf(this.storage, ["account"])) {
			accounts.push(
				...entries.map((entry) => accountOf(String(entry.key.at(-1)), storedIn(entry))),
			);
		}
		return accounts;
	}

	async create(key: string, user: NewUser): Promise<UserCreation> {
		const createdFor = createHash("sha256").update(key).digest("base64url");
		const createdKey = createdKeyOf(createdFor);
		// A second round meets what a simultaneous call with the same key has made.
		for (let round = 0; round < 2; round += 1) {
			const created = await this.storage.get(createdKey);
			const existing = created && (await this.find(String(created.value)));
			if (existing !== undefined) {
				return { kind: "created", user: existing };
			}
			const { email } = user;
			if (email !== null && (await this.isStaff(email))) {
				return { kind: "refused" };
			}
			const made = await this.add(
				{
					...user,
					password: null,
					confirmed: email !== null && user.emailProof === "code",
					status: await this.registration.statusOfNewUser(user.brandId),
				},
				{ createdFor, version: created?.version ?? null },
			);
			if (made !== undefined) {
				return { kind: "created", user: made };
			}
		}
		return { kind: "refused" };
	}

	async confirm(userId: string): Promise<void> {
		await this.change(userId, (stored) =>
			stored.confirmed && !stored.unclaimed
				? stored
				: {
						...stored,
						confirmed: true,
						unclaimed: false,
						password: null,
						sessionEpoch: stored.sessionEpoch + 1,
					},
		);
	}

	/** @returns undefined when the address belongs to somebody, or is none. */
	async register(
		user: Pick<StoredAccount, "brandId" | "name" | "email" | "locale">,
		password: string,
	): Promise<Account | undefined> {
		if (await this.isStaff(user.email)) {
			return undefined;
		}
		return this.add({
			...user,
			password: await hashPassword(password),
			confirmed: false,
			status: await this.registration.statusOfNewUser(user.brandId),
		});
	}

	/**
	 * What the helpdesk does when somebody writes to it: an account without a password, that nobody claimed yet.
	 *
	 * @returns undefined when the address belongs to somebody, or is none.
	 */
	async addFromTicket(
		user: Pick<StoredAccount, "brandId" | "name" | "email" | "locale">,
	): Promise<Account | undefined> {
		if (await this.isStaff(user.email)) {
			return undefined;
		}
		const traits = { password: null, confirmed: false, unclaimed: true, status: "active" } as const;
		return this.add({ ...user, ...traits });
	}

	async logIn(brandId: string, email: string, password: string): Promise<PasswordLogin> {
		const account = await this.byEmail(brandId, email);
		if (!(await this.isPassword(account?.id ?? "", password)) || account === undefined) {
			return { kind: "wrong" };
		}
		const { status } = account;
		return status === "suspended" || status === "awaiting-approval"
			? { kind: status }
			: { kind: "in", account };
	}

	/** Takes as long for a user who is not there. */
	async isPassword(userId: string, password: string): Promise<boolean> {
		const entry = await this.entryOf(userId);
		return isPassword(password, (entry && storedIn(entry).password) ?? undefined);
	}

	/** For somebody who has proven to read the account's address. Ends all its sessions. */
	async setPassword(userId: string, password: string): Promise<void> {
		const hashed = await hashPassword(password);
		await this.change(userId, (stored) => ({
			...stored,
			password: hashed,
			confirmed: true,
			unclaimed: false,
			sessionEpoch: stored.sessionEpoch + 1,
		}));
	}

	async completeProfile(userId: string, phone: string): Promise<void> {
		await this.change(userId, (stored) => ({
			...stored,
			phone,
			status: stored.status === "incomplete" ? "active" : stored.status,
		}));
	}

	/** Ends all sessions of somebody who is suspended. */
	async setStatus(userId: string, status: "active" | "suspended"): Promise<void> {
		const ended = status === "suspended" ? 1 : 0;
		const account = await this.find(userId);
		const { phoneRequired } = await this.registration.of(account?.brandId ?? "");
		await this.change(userId, (stored) => ({
			...stored,
			// Whoever is let in still owes what the brand wants to know of new users.
			status: status === "active" && phoneRequired && stored.phone === null ? "incomplete" : status,
			sessionEpoch: stored.sessionEpoch + ended,
		}));
	}

	async delete(userId: string): Promise<void> {
		let done = false;
		while (!done) {
			const entry = await this.entryOf(userId);
			if (entry === undefined) {
				return;
			}
			const { brandId, email, createdFor } = storedIn(entry);
			done = await this.storage.commit({
				checks: [{ key: entry.key, version: entry.version }],
				deletes: [
					entry.key,
					...(email === "" ? [] : [emailKey(brandId, email)]),
					// What an older version stored has none.
					...(createdFor == null ? [] : [createdKeyOf(createdFor)]),
				],
			});
		}
	}

	private async add(
		user: Pick<
			StoredAccount,
			"brandId" | "name" | "locale" | "password" | "confirmed" | "status"
		> & { readonly email: string | null; readonly unclaimed?: boolean },
		created?: { readonly createdFor: string; readonly version: string | null },
	): Promise<Account | undefined> {
		const { brandId, name, locale, password, confirmed, status, unclaimed = false } = user;
		const email = user.email === null ? "" : canonicalEmail(user.email);
		if (email === undefined || (await this.byEmail(brandId, email)) !== undefined) {
			return undefined;
		}
		const id = randomUUID();
		const value: StoredAccount = {
			brandId,
			name,
			email,
			locale,
			password,
			phone: null,
			confirmed,
			unclaimed,
			status,
			sessionEpoch: 0,
			createdFor: created?.createdFor ?? null,
		};
		const byEmail = email === "" ? undefined : emailKey(brandId, email);
		const ofKey = created && { key: createdKeyOf(created.createdFor), version: created.version };
		const added = await this.storage.commit({
			checks: [...(byEmail ? [{ key: byEmail, version: null }] : []), ...(ofKey ? [ofKey] : [])],
			sets: [
				{ key: ["account", id], value },
				...(byEmail ? [{ key: byEmail, value: id }] : []),
				...(ofKey ? [{ key: ofKey.key, value: id }] : []),
			],
		});
		return added ? accountOf(id, value) : undefined;
	}

	private async change(
		userId: string,
		change: (stored: StoredAccount) => StoredAccount,
	): Promise<void> {
		let done = false;
		while (!done) {
			const entry = await this.entryOf(userId);
			if (entry === undefined) {
				return;
			}
			done = await this.storage.commit({
				checks: [{ key: entry.key, version: entry.version }],
				sets: [{ key: entry.key, value: change(storedIn(entry)) }],
			});
		}
	}

	private async entryOf(userId: string): Promise<StorageEntry | undefined> {
		return ID.test(userId) ? this.storage.get(["account", userId]) : undefined;
	}
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

function storedIn({ value }: StorageEntry): StoredAccount {
	return value as StoredAccount;
}

function accountOf(id: string, stored: StoredAccount): Account {
	const { brandId, name, email, locale, status, confirmed, unclaimed, sessionEpoch } = stored;
	const hasPassword = stored.password !== null;
	return {
		id,
		brandId,
		name,
		email: email === "" ? null : email,
		locale,
		status,
		confirmed,
		unclaimed,
		hasPassword,
		hasOtherWayIn: hasPassword,
		sessionEpoch,
	};
}
