import { createHash, randomUUID } from "node:crypto";
import type { HostStorage, StorageKey } from "../../contract/storage.ts";
import type { EmailOwner, NewUser, User, UserCreation, Users } from "../../contract/users.ts";
import { hashPassword, isPassword } from "./passwords.ts";

export interface Account extends User {
	readonly email: string;
}

interface StoredAccount {
	readonly [name: string]: string | boolean | null;
	readonly brandId: string;
	readonly name: string;
	readonly email: string;
	readonly password: string | null;
	readonly confirmed: boolean;
	readonly unclaimed: boolean;
	readonly suspended: boolean;
}

/** The end users of the portals. An address is unique within a brand, whatever its case. */
export class Accounts implements Users {
	/** @param isStaff whether an address belongs to an operator. */
	constructor(
		private readonly storage: HostStorage,
		private readonly isStaff: (email: string) => Promise<boolean>,
	) {}

	async ownerOf(brandId: string, email: string): Promise<EmailOwner> {
		if (email === "") {
			return { kind: "nobody" };
		}
		if (await this.isStaff(email)) {
			return { kind: "staff" };
		}
		const found = await this.byEmail(brandId, email);
		if (found === undefined) {
			return { kind: "nobody" };
		}
		const { confirmed, unclaimed, suspended } = found.stored;
		return { kind: "user", id: found.id, confirmed, unclaimed, suspended };
	}

	async find(userId: string): Promise<Account | undefined> {
		const stored = await this.stored(userId);
		return stored && accountOf(userId, stored);
	}

	async create(key: string, user: NewUser): Promise<UserCreation> {
		const createdKey = ["created", createHash("sha256").update(key).digest("base64url")];
		// A second round meets what a simultaneous call with the same key has made.
		for (let round = 0; round < 2; round += 1) {
			const created = await this.storage.get(createdKey);
			const userId = created === undefined ? undefined : String(created.value);
			if (userId !== undefined && (await this.stored(userId)) !== undefined) {
				return { kind: "created", userId };
			}
			if ((await this.ownerOf(user.brandId, user.email)).kind === "staff") {
				return { kind: "refused" };
			}
			const check = { key: createdKey, version: created?.version ?? null };
			const made = await this.add({ ...user, password: null, confirmed: true }, check);
			if (made !== undefined) {
				return { kind: "created", userId: made };
			}
		}
		return { kind: "refused" };
	}

	/** @returns undefined when the address belongs to somebody. */
	async register(
		user: Pick<NewUser, "brandId" | "name" | "email">,
		password: string,
	): Promise<string | undefined> {
		if (await this.isStaff(user.email)) {
			return undefined;
		}
		return this.add({ ...user, password: await hashPassword(password), confirmed: false });
	}

	async logIn(brandId: string, email: string, password: string): Promise<string | undefined> {
		const found = email === "" ? undefined : await this.byEmail(brandId, email);
		const fits = await isPassword(password, found?.stored.password ?? undefined);
		return fits && found?.stored.suspended === false ? found.id : undefined;
	}

	private async add(
		user: Pick<StoredAccount, "brandId" | "name" | "email" | "password" | "confirmed">,
		created?: { readonly key: StorageKey; readonly version: string | null },
	): Promise<string | undefined> {
		const { brandId, name, email, password, confirmed } = user;
		const id = randomUUID();
		const value: StoredAccount = {
			brandId,
			name,
			email,
			password,
			confirmed,
			unclaimed: false,
			suspended: false,
		};
		const added = await this.storage.commit({
			checks: [{ key: emailKey(brandId, email), version: null }, ...(created ? [created] : [])],
			sets: [
				{ key: ["account", id], value },
				{ key: emailKey(brandId, email), value: id },
				...(created ? [{ key: created.key, value: id }] : []),
			],
		});
		return added ? id : undefined;
	}

	private async byEmail(
		brandId: string,
		email: string,
	): Promise<{ id: string; stored: StoredAccount } | undefined> {
		const entry = await this.storage.get(emailKey(brandId, email));
		const id = entry === undefined ? undefined : String(entry.value);
		const stored = id === undefined ? undefined : await this.stored(id);
		return id === undefined || stored === undefined ? undefined : { id, stored };
	}

	private async stored(userId: string): Promise<StoredAccount | undefined> {
		const entry = userId === "" ? undefined : await this.storage.get(["account", userId]);
		return entry?.value as StoredAccount | undefined;
	}
}

function emailKey(brandId: string, email: string): StorageKey {
	return ["email", brandId, email.toLowerCase()];
}

function accountOf(id: string, { brandId, name, email, suspended }: StoredAccount): Account {
	return { id, brandId, name, email, suspended };
}
