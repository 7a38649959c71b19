import { canonicalEmail } from "../../contract/email-address.ts";
import type { Random } from "../../contract/random.ts";
import type { HostStorage, StorageKey } from "../../contract/storage.ts";
import { addressKey } from "../mail/email-key.ts";
import { hashPassword, isPassword } from "./password-hash.ts";

export const FIRST_OPERATOR = "operator@helpdesk.example";

interface Operator {
	readonly [name: string]: string | number;
	readonly password: string;
	/** Counts up when all sessions of the operator end. */
	readonly sessionEpoch: number;
}

/** Those who may enter the admin area: known by their address, with a password and nothing else. */
export class Operators {
	constructor(
		private readonly storage: HostStorage,
		private readonly random: Random,
	) {}

	/** Makes the first operator, once. @returns their password; null when they exist already. */
	async makeFirst(): Promise<string | null> {
		if (await this.has(FIRST_OPERATOR)) {
			return null;
		}
		const password = Buffer.from(this.random.bytes(12)).toString("base64url");
		const key = keyOf(FIRST_OPERATOR);
		const value: Operator = { password: await hashPassword(password), sessionEpoch: 0 };
		const made = await this.storage.commit({
			checks: [{ key, version: null }],
			sets: [{ key, value }],
		});
		return made ? password : null;
	}

	async has(email: string): Promise<boolean> {
		return (await this.find(email)) !== undefined;
	}

	/** Undefined for somebody who is no operator. */
	async sessionEpochOf(email: string): Promise<number | undefined> {
		return (await this.find(email))?.sessionEpoch;
	}

	async isPassword(email: string, password: string): Promise<boolean> {
		return isPassword(password, (await this.find(email))?.password);
	}

	/** Ends all sessions of the operator. @returns the epoch of those to come. */
	async changePassword(email: string, password: string): Promise<number> {
		const sessionEpoch = ((await this.sessionEpochOf(email)) ?? 0) + 1;
		const value: Operator = { password: await hashPassword(password), sessionEpoch };
		await this.storage.commit({ sets: [{ key: keyOf(email), value }] });
		return sessionEpoch;
	}

	private async find(email: string): Promise<Operator | undefined> {
		const address = canonicalEmail(email);
		const entry = address === undefined ? undefined : await this.storage.get(keyOf(address));
		return entry?.value as Operator | undefined;
	}
}

function keyOf(email: string): StorageKey {
	return [addressKey(email)];
}
