import type { Mail } from "../../contract/mail.ts";
import type { KnownBrands } from "../brands/helpdesk-brands.ts";
import type { PendingRegistration } from "./pending-registrations.ts";
import { type Addressee, type PortalLetter, writePortalLetter } from "./portal-letter.ts";
import type { Account } from "./stored-account.ts";

/**
 * The letters after a registration. They hold nothing that the visitor typed but the address that they go to, so that nobody
 * sends strangers words of their own.
 */
export class RegistrationLetters {
	constructor(
		readonly brands: KnownBrands,
		readonly mail: Mail,
	) {}

	/** Asks the owner of the address to finish registering. @param token for the link. */
	async writeConfirmation(
		{ brandId, email, locale }: Pick<PendingRegistration, "brandId" | "email" | "locale">,
		token: string,
	): Promise<void> {
		await this.write({ brandId, email, locale }, "register.mail-subject", ({ baseUrl }, text) => [
			text("register.mail-text"),
			`${baseUrl}/register/confirm?token=${token}`,
			text("register.mail-ignore"),
		]);
	}

	/** Says that somebody tried to register with the address of an account, and how its owner logs in. */
	async writeTaken({ brandId, email, locale }: Account): Promise<void> {
		await this.write({ brandId, email, locale }, "register.taken-subject", ({ baseUrl }, text) => [
			text("register.taken-text"),
			`${baseUrl}/login`,
			text("register.taken-password"),
			`${baseUrl}/forgot`,
			text("register.taken-ignore"),
		]);
	}

	/** Says that somebody tried to register with the address of an operator. */
	async writeStaff(
		asked: Pick<PendingRegistration, "brandId" | "email" | "locale">,
	): Promise<void> {
		await this.write(asked, "register.staff-subject", (_, text) => [
			text("register.staff-text"),
			text("register.taken-ignore"),
		]);
	}

	private write(
		to: Addressee,
		subject: PortalLetter["subject"],
		paragraphs: PortalLetter["paragraphs"],
	): Promise<void> {
		return writePortalLetter(this, to, { subject, paragraphs });
	}
}
