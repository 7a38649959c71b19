import { canonicalEmail } from "../../contract/email-address.ts";
import type { Accounts } from "./accounts.ts";
import type { AddressCodes, Asker, SentCode } from "./address-codes.ts";
import type { AddressProofLetters } from "./address-proof-letters.ts";
import type { ReachedLimit } from "./address-proof-limits.ts";
import type { Prover } from "./pending-proofs.ts";
import type { Account } from "./stored-account.ts";

/** The parts that proofs of addresses work with. */
export interface AddressProofParts {
	readonly accounts: Pick<Accounts, "find" | "ownerOf" | "proveAddress">;
	readonly codes: AddressCodes;
	readonly letters: AddressProofLetters;
}

/** A logged-in user at a browser, as a request found them. */
export interface Visitor {
	readonly account: Account;
	/** The token that the browser has in its session cookie. */
	readonly browserToken: string;
	/** See `clientNetwork`. */
	readonly network: string;
}

/** What a user typed to get a code. */
export interface AskedCode {
	readonly email: string;
	/** The language of the page. BCP 47. */
	readonly locale: string;
	/** The letters that had been asked for when the page was shown. A second click on it asks for none. */
	readonly letters: number;
}

/**
 * How asking for a code ended. `asked`: `write` writes the letter. It is the same for every address, so that nobody learns
 * who has an account. `fixed`: after two letters the address stays the same; `proven`: the account has an address already
 * that its user has proven.
 */
export type CodeAsked =
	| { readonly kind: "asked"; readonly write: () => Promise<void> }
	| { readonly kind: "invalid" | "fixed" | "proven" }
	| { readonly kind: "limit"; readonly limit: ReachedLimit };

/**
 * How entering a code ended. `spent`: no code works any more; `none`: no code was sent for this user in this browser, or it
 * expired; `taken`: the address belongs to somebody else meanwhile; `over`: the user's sessions have ended meanwhile.
 */
export type CodeEntered =
	| {
			readonly kind: "proven";
			readonly account: Account;
			/** Writes to the address that it is proven. */
			readonly write: () => Promise<void>;
	  }
	| { readonly kind: "wrong" | "spent" | "none" | "taken" | "over" }
	| { readonly kind: "limit"; readonly limit: ReachedLimit };

const NOTHING = async (): Promise<void> => {};

/**
 * Lets logged-in users prove an address: by a code in a letter to it. An account without an address gets it, and an address
 * that only a provider vouched for is confirmed or replaced.
 */
export class AddressProofs {
	constructor(private readonly parts: AddressProofParts) {}

	/** The code that this user asked for in this browser. */
	sentTo(visitor: Pick<Visitor, "account" | "browserToken">): Promise<SentCode | undefined> {
		return this.parts.codes.sentTo(proverOf(visitor));
	}

	/** @throws StorageError */
	async ask(visitor: Visitor, { email: typed, locale, letters }: AskedCode): Promise<CodeAsked> {
		const { account } = visitor;
		const email = canonicalEmail(typed);
		if (hasProvenAddress(account)) {
			return { kind: "proven" };
		}
		if (email === undefined) {
			return { kind: "invalid" };
		}
		const asked = await this.parts.codes.ask(askerOf(visitor), email, letters);
		switch (asked.kind) {
			case "code":
				return { kind: "asked", write: () => this.write(account, email, locale, asked.code) };
			case "sent":
				return { kind: "asked", write: NOTHING };
			case "fixed":
				return { kind: "fixed" };
			case "limit":
				return asked;
		}
	}

	/**
	 * Takes a code. If it is right, the address is the account's, and confirmed. The account's password and all its
	 * sessions end, because they were set up without that proof; open a new session for this browser.
	 *
	 * @param typed see `readCode`.
	 * @throws StorageError
	 */
	async enter(visitor: Visitor, typed: string): Promise<CodeEntered> {
		const { accounts, codes, letters } = this.parts;
		const { account } = visitor;
		const guess = await codes.enter(askerOf(visitor), typed);
		if (guess.kind !== "right") {
			return guess;
		}
		const proven = await accounts.proveAddress(account.id, guess.email, account.sessionEpoch);
		// Only now: after a crash in between, the code still works, unless the account's new epoch has ended it.
		await codes.end(proverOf(visitor));
		if (proven === undefined || proven === "taken") {
			return { kind: proven ?? "over" };
		}
		const write = () => letters.writeProven(proven, account.hasPassword);
		return { kind: "proven", account: proven, write };
	}

	/** Writes to the address. Only its reader learns whether it belongs to somebody. */
	private async write(
		{ id, brandId }: Account,
		email: string,
		locale: string,
		code: string,
	): Promise<void> {
		const { accounts, letters } = this.parts;
		const owner = await accounts.ownerOf(brandId, email);
		if (owner.kind === "staff") {
			return letters.writeStaff({ brandId, email, locale });
		}
		if (owner.kind === "nobody" || owner.id === id) {
			return letters.writeCode({ brandId, email, locale }, code);
		}
		const other = await accounts.find(owner.id);
		return other && letters.writeTaken(other);
	}
}

/** Whether the user has proven to read mail at the account's address. */
export function hasProvenAddress({
	email,
	confirmed,
}: Pick<Account, "email" | "confirmed">): boolean {
	return email !== null && confirmed;
}

function proverOf({ account, browserToken }: Pick<Visitor, "account" | "browserToken">): Prover {
	return { userId: account.id, sessionEpoch: account.sessionEpoch, browserToken };
}

function askerOf(visitor: Visitor): Asker {
	return { ...proverOf(visitor), network: visitor.network };
}
