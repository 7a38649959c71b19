import type { User } from "../../contract/users.ts";

/** How long a code that was sent works. */
export const CODE_LIFETIME_MS = 10 * 60_000;

/** A letter about a log-in to the address that was typed or that X asserted. */
export interface AddressLetter {
	readonly brandId: string;
	readonly to: string;
	readonly locale: string;
	/** The X account, without `@`. */
	readonly handle: string;
}

/** The letters of the plugin. Methods never reject: a letter that cannot be sent is only reported. */
export interface Notices {
	/** @param code proves the address: `1234 5678 9012`. */
	code(letter: AddressLetter, code: string): Promise<void>;
	/** Tells the owner of the address why it cannot be used. */
	noWayIn(letter: AddressLetter, reason: "staff" | "suspended"): Promise<void>;
	/**
	 * Tells a user about their own account. `claimed`: linked, and other ways into it were dropped.
	 *
	 * @param account at X, as the user knows it: `@ada`.
	 */
	tell(
		user: User,
		what: "signed-up" | "linked" | "claimed" | "unlinked",
		account: string,
	): Promise<void>;
}
