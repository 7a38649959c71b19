import type { Mail } from "../../contract/mail.ts";
import type { KnownBrands } from "../brands/helpdesk-brands.ts";
import { inGroups } from "./mailed-code.ts";
import { CODE_LIFETIME_MS } from "./pending-proofs.ts";
import { type Addressee, type PortalLetter, writePortalLetter } from "./portal-letter.ts";
import type { Account } from "./stored-account.ts";

/**
 * The letters to an address that a logged-in user typed. They hold nothing else that the user typed or is called, so that
 * nobody sends strangers words of their own.
 */
export class AddressProofLetters {
	constructor(
		readonly brands: KnownBrands,
		readonly mail: Mail,
	) {}

	/** @param code twelve digits. */
	writeCode(to: Addressee, code: string): Promise<void> {
		return this.write(to, {
			subject: "proof.mail-subject",
			paragraphs: (_, text) => [
				text("proof.mail-code", { code: inGroups(code) }),
				text("proof.mail-text"),
				text("proof.mail-ignore"),
			],
			usefulForMs: CODE_LIFETIME_MS,
		});
	}

	/** Says that somebody tried to use the address of an account, and how its owner logs in. */
	writeTaken(owner: Account): Promise<void> {
		return this.write(owner, {
			subject: "proof.taken-subject",
			paragraphs: ({ baseUrl }, text) => [
				text("proof.taken-text"),
				`${baseUrl}/login`,
				text("proof.taken-password"),
				`${baseUrl}/forgot`,
				text("proof.taken-ignore"),
			],
		});
	}

	/** Says that somebody tried to use the address of an operator. */
	writeStaff(to: Addressee): Promise<void> {
		return this.write(to, {
			subject: "proof.staff-subject",
			paragraphs: (_, text) => [text("proof.staff-text"), text("register.taken-ignore")],
		});
	}

	/** Says that the address now belongs to an account. @param endedPassword whether the account had a password. */
	writeProven(account: Account, endedPassword: boolean): Promise<void> {
		return this.write(account, {
			subject: "proof.proven-subject",
			paragraphs: ({ baseUrl }, text) => [
				text("proof.proven-text"),
				...(endedPassword ? [text("proof.proven-password"), `${baseUrl}/forgot`] : []),
				text("proof.proven-ignore"),
			],
		});
	}

	private write(to: Addressee, letter: PortalLetter): Promise<void> {
		return writePortalLetter(this, to, letter);
	}
}
