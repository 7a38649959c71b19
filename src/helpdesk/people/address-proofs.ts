import { canonicalEmail } from "../../contract/email-address.ts";
import type { Accounts } from "./accounts.ts";
import type { AddressProofLetters } from "./address-proof-letters.ts";
import type { AddressProofLimits, ReachedLimit } from "./address-proof-limits.ts";
import { readCode } from "./mailed-code.ts";
import { isFixed, type PendingProof, type PendingProofs, type Prover } from "./pending-proofs.ts";
import type { Account } from "./stored-account.ts";

/** The parts that proofs of addresses work with. */
export interface AddressProofParts {
	readonly accounts: Pick<Accounts, "find" | "ownerOf" | "proveAddress">;
	readonly pending: PendingProofs;
	readonly letters: AddressProofLetters;
	readonly limits: AddressProofLimits;
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

/** A code on its way, as a page shows it. */
export interface SentCode extends Pick<PendingProof, "email" | "letters"> {
	/** Whether the address stays the same. */
	readonly isFixed: boolean;
	/** Whether entering a code is of use. */
	readonly isUsable: boolean;
}

const NOTHING = async (): Promise<void> => {};

/**
 * Lets logged-in users prove an address: by a code in a letter to it. An account without an address gets it, and an address
 * that only a provider vouched for is confirmed or replaced.
 */
export class AddressProofs {
	constructor(private readonly parts: AddressProofParts) {}

	/** The code that this user asked for in this browser. */
	async sentTo(visitor: Pick<Visitor, "account" | "browserToken">): Promise<SentCode | undefined> {
		const { pending } = this.parts;
		const found = await pending.find(proverOf(visitor));
		return (
			found && {
				email: found.email,
				letters: found.letters,
				isFixed: isFixed(found),
				isUsable: pending.isUsable(found),
			}
		);
	}

	/** @throws StorageError */
	async ask(visitor: Visitor, { email: typed, locale, letters }: AskedCode): Promise<CodeAsked> {
		const { pending, limits } = this.parts;
		const { account } = visitor;
		const email = canonicalEmail(typed);
		if (hasProvenAddress(account)) {
			return { kind: "proven" };
		}
		if (email === undefined) {
			return { kind: "invalid" };
		}
		const prover = proverOf(visitor);
		const before = await pending.find(prover);
		if (before !== undefined && email !== before.email && isFixed(before)) {
			return { kind: "fixed" };
		}
		if (
			before !== undefined &&
			email === before.email &&
			letters < before.letters &&
			pending.isUsable(before)
		) {
			// A second click on a form that has sent a letter already.
			return { kind: "asked", write: NOTHING };
		}
		const counted = { userId: account.id, network: visitor.network };
		const refused = await limits.ask("letters", counted);
		if (refused !== undefined) {
			return { kind: "limit", limit: refused };
		}
		const code = await pending.newCode(prover, email, before);
		if (code === undefined) {
			// Another request of this browser was faster. It has sent a letter, so this one counts none.
			return { kind: "asked", write: NOTHING };
		}
		const limit = await limits.count("letters", counted);
		return limit === undefined
			? { kind: "asked", write: () => this.write(account, email, locale, code) }
			: { kind: "limit", limit };
	}

	/**
	 * Takes a code. If it is right, the address is the account's, and confirmed. The account's password and all its
	 * sessions end, because they were set up without that proof; open a new session for this browser.
	 *
	 * @param typed see `readCode`.
	 * @throws StorageError
	 */
	async enter(visitor: Visitor, typed: string): Promise<CodeEntered> {
		const { pending, accounts, limits, letters } = this.parts;
		const { account } = visitor;
		const prover = proverOf(visitor);
		const sent = await pending.find(prover);
		if (sent === undefined || !pending.isUsable(sent)) {
			// Compared with nothing, so it is not counted.
			return { kind: sent === undefined ? "none" : "spent" };
		}
		const limit = await limits.count("guesses", {
			userId: account.id,
			network: visitor.network,
		});
		if (limit !== undefined) {
			return { kind: "limit", limit };
		}
		const guess = await pending.guess(prover, readCode(typed));
		if (guess.kind !== "right") {
			return guess;
		}
		const proven = await accounts.proveAddress(account.id, guess.email, account.sessionEpoch);
		// Only now: after a crash in between, the code still works, unless the account's new epoch has ended it.
		await pending.end(prover);
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
