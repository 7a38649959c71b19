import type { Random } from "../../contract/random.ts";
import type { HostStorage } from "../../contract/storage.ts";
import { hashPassword, isPassword } from "./passwords.ts";

export const FIRST_OPERATOR = "operator@helpdesk.example";

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
		const made = await this.storage.commit({
			checks: [{ key: [FIRST_OPERATOR], version: null }],
			sets: [{ key: [FIRST_OPERATOR], value: await hashPassword(password) }],
		});
		return made ? password : null;
	}

	async has(email: string): Promise<boolean> {
		return email !== "" && (await this.storage.get([email.toLowerCase()])) !== undefined;
	}

	async isPassword(email: string, password: string): Promise<boolean> {
		const entry = email === "" ? undefined : await this.storage.get([email.toLowerCase()]);
		return isPassword(password, entry === undefined ? undefined : String(entry.value));
	}

	async changePassword(email: string, password: string): Promise<void> {
		const value = await hashPassword(password);
		await this.storage.commit({ sets: [{ key: [email.toLowerCase()], value }] });
	}
}
