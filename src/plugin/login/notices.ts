import type { User } from "../../contract/users.ts";

/** A letter about a log-in to the address that was typed or that X asserted. */
export interface AddressLetter {
	readonly brandId: string;
	readonly to: string;
	readonly locale: string;
	/** The X account, without `@`. */
	readonly handle: string;
}

/** What the plugin writes by mail. Never rejects: a letter that cannot be sent is reported and nothing else. */
export interface Notices {
	/** The six digits that prove the address. */
	code(letter: AddressLetter, code: string): Promise<void>;
	/** To whom the address opens no way in. */
	noWayIn(letter: AddressLetter, reason: "staff" | "suspended"): Promise<void>;
	/**
	 * To a user, about their own account. `claimed`: linked, and what opened it before was dropped.
	 *
	 * @param account at X, as they know it: `@ada`.
	 */
	tell(
		user: User,
		what: "signed-up" | "linked" | "claimed" | "unlinked",
		account: string,
	): Promise<void>;
}
