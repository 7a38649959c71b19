import { canonicalEmail } from "../../contract/email-address.ts";
import type { Random } from "../../contract/random.ts";
import type {
	HostStorage,
	StorageEntry,
	StorageKey,
	StorageValue,
} from "../../contract/storage.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { fieldsOf, readEntry, type StoredKind } from "../../storage/stored-value.ts";
import { addressKey } from "../mail/email-key.ts";
import type { PasswordHasher } from "./password-hash.ts";

export const FIRST_OPERATOR = "operator@helpdesk.example";

/** A double click selects them as one word, and none looks like another. There are 32, so that the remainder is even. */
const LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";

type Operator = {
	/** Hashed. */
	readonly password: string;
	/** Counts up when all sessions of the operator end. */
	readonly sessionEpoch: number;
};

const OPERATOR: StoredKind<Operator> = { name: "operators", read: readOperator };

/**
 * The people who may log in to the administration. The helpdesk knows an address and a password of each, and nothing
 * else.
 */
export class Operators {
	constructor(
		private readonly storage: HostStorage,
		private readonly random: Random,
		private readonly hasher: PasswordHasher,
	) {}

	/** Makes the first operator, once. @returns their password; null when they exist already. */
	async makeFirst(): Promise<string | null> {
		if (await this.has(FIRST_OPERATOR)) {
			return null;
		}
		const letters = Array.from(this.random.bytes(20), (byte) => LETTERS[byte % LETTERS.length]);
		const password = letters.join("");
		const key = keyOf(FIRST_OPERATOR);
		const value: Operator = { password: await this.hasher.hash(password), sessionEpoch: 0 };
		const made = await this.storage.commit({
			checks: [{ key, version: null }],
			sets: [{ key, value }],
		});
		return made ? password : null;
	}

	/** Whether the address is an operator's, even where what is stored of them cannot be read. */
	async has(email: string): Promise<boolean> {
		return (await this.entryOf(email)) !== undefined;
	}

	/** @returns undefined for an address of somebody who is not an operator. */
	async sessionEpochOf(email: string): Promise<number | undefined> {
		return (await this.find(email))?.sessionEpoch;
	}

	async isPassword(email: string, password: string): Promise<boolean> {
		return this.hasher.isPassword(password, (await this.find(email))?.password);
	}

	/** Ends all sessions of the operator. @returns the epoch of the next ones. */
	async changePassword(email: string, password: string): Promise<number> {
		const hashed = await this.hasher.hash(password);
		return updateEntry(this.storage, async () => {
			const entry = await this.entryOf(email);
			const key = entry?.key ?? keyOf(email);
			const before = entry && readEntry(entry, OPERATOR);
			const sessionEpoch = (before?.sessionEpoch ?? 0) + 1;
			const value: Operator = { ...before, password: hashed, sessionEpoch };
			return {
				commit: {
					checks: [{ key, version: entry?.version ?? null }],
					sets: [{ key, value }],
				},
				result: value.sessionEpoch,
			};
		});
	}

	private async find(email: string): Promise<Operator | undefined> {
		const entry = await this.entryOf(email);
		return entry && readEntry(entry, OPERATOR);
	}

	private async entryOf(email: string): Promise<StorageEntry | undefined> {
		const address = canonicalEmail(email);
		return address === undefined ? undefined : this.storage.get(keyOf(address));
	}
}

function keyOf(email: string): StorageKey {
	return [addressKey(email)];
}

function readOperator(value: StorageValue): Operator | undefined {
	const fields = fieldsOf(value);
	const { password, sessionEpoch = 0 } = fields;
	return typeof password === "string" && typeof sessionEpoch === "number"
		? { ...fields, password, sessionEpoch }
		: undefined;
}
