import type { HostStorage, StorageKey } from "../../../contract/storage.ts";
import { readEntry } from "../../../storage/stored-value.ts";
import { isAtLeast, type Role } from "../operator-roles.ts";
import type { Operators } from "../operators.ts";
import { RULE, type StoredRule } from "./stored-second-factor.ts";

const RULE_KEY: StorageKey = ["second-factor"];

/** Which operators need a second factor. Owners decide it. Unless they do, nobody needs one. */
export class SecondFactorRule {
	/** @param storage the namespace of operators. */
	constructor(
		private readonly storage: HostStorage,
		private readonly operators: Pick<Operators, "stateOf">,
	) {}

	/** The least role that needs one; null: none does. */
	async leastRole(): Promise<Role | null> {
		const entry = await this.storage.get(RULE_KEY);
		return entry === undefined ? null : readEntry(entry, RULE).leastRole;
	}

	/** Open sessions obey at their next request. */
	async requireFrom(leastRole: Role | null): Promise<void> {
		const value: StoredRule = { leastRole };
		await this.storage.commit({ sets: [{ key: RULE_KEY, value }] });
	}

	async isRequiredOf(role: Role): Promise<boolean> {
		const least = await this.leastRole();
		return least !== null && isAtLeast(role, least);
	}

	/** Whether an operator has to set one up before they do anything else. */
	async isDue({ email, role }: { readonly email: string; readonly role: Role }): Promise<boolean> {
		return (
			(await this.isRequiredOf(role)) &&
			(await this.operators.stateOf(email))?.secondFactor === null
		);
	}
}
