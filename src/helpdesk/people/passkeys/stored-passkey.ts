import type { StorageValue } from "../../../contract/storage.ts";
import { fieldsOf, isTextOrNull, isTime, readTexts } from "../../../storage/stored-value.ts";

/** The most passkeys of one person. All of them are in the person's record. */
export const MOST_PASSKEYS = 10;

/** A passkey of a user or an operator. Nothing in it is secret. */
export type StoredPasskey = {
	/** The credential id that the authenticator chose, in base64url. */
	readonly id: string;
	/** In the form of COSE (RFC 9052, section 7), in base64url. */
	readonly publicKey: string;
	/** How often the authenticator says that the passkey was used; 0 where it does not count. */
	readonly counter: number;
	/** How browsers reach the authenticator, in the words of WebAuthn. */
	readonly transports: readonly string[];
	/** The id of the relying party that it was made for. It works at no other one. */
	readonly rpId: string;
	/** The browser in which it was made, see `Device`. */
	readonly browser: string | null;
	readonly system: string | null;
	/** Milliseconds since the epoch. */
	readonly addedAt: number;
	/** When it last let somebody in. Milliseconds since the epoch; null: never. */
	readonly usedAt: number | null;
};

/** @returns undefined for a list of another form. */
export function readPasskeys(value: StorageValue): readonly StoredPasskey[] | undefined {
	if (!Array.isArray(value)) {
		return undefined;
	}
	const passkeys = value.map(readPasskey);
	return passkeys.every((each) => each !== undefined) ? passkeys : undefined;
}

/** The list with a passkey as it is from now on. */
export function withPasskey(
	passkeys: readonly StoredPasskey[],
	changed: StoredPasskey,
): readonly StoredPasskey[] {
	return passkeys.map((each) => (each.id === changed.id ? changed : each));
}

/**
 * Whether a use comes after what is stored. Two answers at once are both checked against the count from before.
 *
 * @param now the passkey as it is stored by now.
 */
export function isLaterUse(now: StoredPasskey, used: StoredPasskey): boolean {
	return used.counter > now.counter || (used.counter === 0 && now.counter === 0);
}

function readPasskey(value: StorageValue): StoredPasskey | undefined {
	const fields = fieldsOf(value);
	const { id, publicKey, counter, rpId, browser, system, addedAt, usedAt } = fields;
	const transports = readTexts(fields["transports"]);
	if (
		typeof id !== "string" ||
		typeof publicKey !== "string" ||
		typeof counter !== "number" ||
		transports === undefined ||
		typeof rpId !== "string" ||
		!isTextOrNull(browser) ||
		!isTextOrNull(system) ||
		!isTime(addedAt) ||
		!(usedAt === null || isTime(usedAt))
	) {
		return undefined;
	}
	return { ...fields, id, publicKey, counter, transports, rpId, browser, system, addedAt, usedAt };
}
