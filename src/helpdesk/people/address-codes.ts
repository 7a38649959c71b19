import type { AddressProofLimits, ReachedLimit } from "./address-proof-limits.ts";
import { readCode } from "./mailed-code.ts";
import {
	type Guess,
	isFixed,
	type PendingProof,
	type PendingProofs,
	type Prover,
} from "./pending-proofs.ts";

/** Somebody who is logged in at a browser. */
export interface Asker extends Prover {
	/** See `clientNetwork`. */
	readonly network: string;
}

/**
 * How asking for a code ended. `code`: it is to be written to the address, which is in its canonical form. `sent`: an earlier
 * request has written one. `fixed`: after two letters the address stays the same.
 */
export type NewCode =
	| { readonly kind: "code"; readonly email: string; readonly code: string }
	| { readonly kind: "sent" | "fixed" }
	| { readonly kind: "limit"; readonly limit: ReachedLimit };

/** A code on its way, as a page shows it. */
export interface SentCode extends Pick<PendingProof, "email" | "letters"> {
	/** Whether the address stays the same. */
	readonly isFixed: boolean;
	/** Whether entering a code is of use. */
	readonly isUsable: boolean;
}

/** Codes in letters to the addresses that people type, as many as the limits allow. */
export class AddressCodes {
	constructor(
		private readonly pending: PendingProofs,
		private readonly limits: AddressProofLimits,
	) {}

	/** The code that was asked for in this browser. */
	async sentTo(prover: Prover): Promise<SentCode | undefined> {
		const found = await this.pending.find(prover);
		return (
			found && {
				email: found.email,
				letters: found.letters,
				isFixed: isFixed(found),
				isUsable: this.pending.isUsable(found),
			}
		);
	}

	/**
	 * @param email in its canonical form.
	 * @param letters those that had been asked for when the page was shown. A second click on it asks for none.
	 */
	async ask(asker: Asker, email: string, letters: number): Promise<NewCode> {
		const { pending, limits } = this;
		const before = await pending.find(asker);
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
			return { kind: "sent" };
		}
		const refused = await limits.ask("letters", asker);
		if (refused !== undefined) {
			return { kind: "limit", limit: refused };
		}
		const code = await pending.newCode(asker, email, before);
		if (code === undefined) {
			// Another request of this browser was faster. It has sent a letter, so this one counts none.
			return { kind: "sent" };
		}
		const limit = await limits.count("letters", asker);
		return limit === undefined ? { kind: "code", email, code } : { kind: "limit", limit };
	}

	/** @param typed see `readCode`. */
	async enter(
		asker: Asker,
		typed: string,
	): Promise<Guess | { readonly kind: "limit"; readonly limit: ReachedLimit }> {
		const { pending, limits } = this;
		const sent = await pending.find(asker);
		if (sent === undefined || !pending.isUsable(sent)) {
			// Compared with nothing, so it is not counted.
			return { kind: sent === undefined ? "none" : "spent" };
		}
		const limit = await limits.count("guesses", asker);
		return limit === undefined ? pending.guess(asker, readCode(typed)) : { kind: "limit", limit };
	}

	/** Deletes the code of this browser. */
	async end(prover: Prover): Promise<void> {
		await this.pending.end(prover);
	}
}
