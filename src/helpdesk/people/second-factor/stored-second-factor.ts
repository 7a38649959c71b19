import type { StorageValue } from "../../../contract/storage.ts";
import { fieldsOf, readTexts, type StoredKind } from "../../../storage/stored-value.ts";
import { isRole, type Role } from "../operator-roles.ts";
import { readPasskeys, type StoredPasskey } from "../passkeys/stored-passkey.ts";

/** What an operator proves a log-in with besides the password: an authenticator app, a passkey at least, or both. */
export type StoredSecondFactor = {
	/** The key that the operator's authenticator app has, sealed. Null: there is no app. */
	readonly key: string | null;
	/** The step of the code that confirmed the app. Neither that code nor an earlier one counts again. 0 without an app. */
	readonly confirmedStep: number;
	/** The hashes of the recovery codes that were not used. */
	readonly recoveryCodes: readonly string[];
	/** Any of them stands in for the app. */
	readonly passkeys: readonly StoredPasskey[];
};

/** @returns undefined for a value of another form. */
export function readSecondFactor(value: StorageValue): StoredSecondFactor | undefined {
	const fields = fieldsOf(value);
	const { key, confirmedStep } = fields;
	const recoveryCodes = readTexts(fields["recoveryCodes"]);
	// Records from before there were passkeys have no list.
	const passkeys = readPasskeys(fields["passkeys"] ?? []);
	const isKnown =
		(key === null || typeof key === "string") &&
		typeof confirmedStep === "number" &&
		recoveryCodes !== undefined &&
		passkeys !== undefined;
	// Recovery codes alone are none.
	return isKnown && (key !== null || passkeys.length > 0)
		? { ...fields, key, confirmedStep, recoveryCodes, passkeys }
		: undefined;
}

/** The step of the last code that counted. */
export const COUNTED_STEP: StoredKind<number> = {
	name: "operator-codes/step",
	read: (value) => (typeof value === "number" ? value : undefined),
};

/** Who needs a second factor: operators of a role and of those that may do more; null: nobody. */
export type StoredRule = { readonly leastRole: Role | null };

export const RULE: StoredKind<StoredRule> = { name: "operators/second-factor", read: readRule };

function readRule(value: StorageValue): StoredRule | undefined {
	const { leastRole } = fieldsOf(value);
	return leastRole === null || isRole(leastRole) ? { leastRole } : undefined;
}
