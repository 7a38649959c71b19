import type { StorageCommit, StorageKey, StorageValue } from "../../contract/storage.ts";
import { fieldsOf, readFields, type StoredKind } from "../../storage/stored-value.ts";
import { isRole, type Role } from "./operator-roles.ts";
import { readSecondFactor, type StoredSecondFactor } from "./second-factor/stored-second-factor.ts";

/** An operator as the others see them. */
export interface ListedOperator {
	/** Names them in addresses of pages. */
	readonly id: string;
	readonly email: string;
	readonly role: Role;
}

export type StoredOperator = {
	/** Hashed. */
	readonly password: string;
	/** Counts up when all sessions of the operator end. */
	readonly sessionEpoch: number;
	/** Whether somebody else has chosen the password, so that it is for one log-in. */
	readonly mustChange: boolean;
	/** Null: the password is enough. */
	readonly secondFactor: StoredSecondFactor | null;
};

export const OPERATOR: StoredKind<StoredOperator> = { name: "operators", read: readOperator };

/** The address and the role of everybody, by the key of their record. */
export type Roster = { readonly operators: Readonly<Record<string, Omit<ListedOperator, "id">>> };

export const ROSTER: StoredKind<Roster> = { name: "operators/roster", read: readRoster };
export const ROSTER_KEY: StorageKey = ["roster"];

export function rosterSet(
	operators: Roster["operators"],
): NonNullable<StorageCommit["sets"]>[number] {
	return { key: ROSTER_KEY, value: { operators } };
}

function readOperator(value: StorageValue): StoredOperator | undefined {
	const fields = fieldsOf(value);
	const { password, sessionEpoch = 0, mustChange = false } = fields;
	// One that cannot be read must not make the password enough.
	const { secondFactor: stored = null } = fields;
	const secondFactor = stored === null ? null : readSecondFactor(stored);
	return typeof password === "string" &&
		typeof sessionEpoch === "number" &&
		typeof mustChange === "boolean" &&
		secondFactor !== undefined
		? { ...fields, password, sessionEpoch, mustChange, secondFactor }
		: undefined;
}

function readRoster(value: StorageValue): Roster | undefined {
	const operators = readFields(fieldsOf(value)["operators"], (operator) => {
		const { email, role } = fieldsOf(operator);
		return typeof email === "string" && isRole(role) ? { email, role } : undefined;
	});
	return operators && { operators };
}
