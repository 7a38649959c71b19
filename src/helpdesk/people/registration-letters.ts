import type { Brand } from "../../contract/brands.ts";
import type { Mail } from "../../contract/mail.ts";
import type { KnownBrands } from "../brands/helpdesk-brands.ts";
import { type PortalLocale, type PortalText, portalLocale } from "../locale/portal-locale.ts";
import type { PendingRegistration } from "./pending-registrations.ts";
import type { Account } from "./stored-account.ts";

/**
 * The letters after a registration. They hold nothing that the visitor typed but the address that they go to, so that nobody
 * sends strangers words of their own.
 */
export class RegistrationLetters {
	constructor(
		private readonly brands: KnownBrands,
		private readonly mail: Mail,
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
		await this.write(asked, "register.staff-subject", (_, text) => [text("register.staff-text")]);
	}

	private async write(
		to: Pick<Account, "brandId" | "email" | "locale">,
		subject: PortalText,
		paragraphs: (brand: Brand, text: PortalLocale["text"]) => readonly string[],
	): Promise<void> {
		const brand = this.brands.find(to.brandId);
		if (brand === undefined || to.email === null) {
			return;
		}
		const locale = portalLocale(to.locale, brand.locale);
		const text = (key: PortalText) => locale.text(key).replaceAll("{brand}", brand.name);
		await this.mail.send({
			brandId: brand.id,
			to: to.email,
			subject: text(subject),
			text: paragraphs(brand, text).join("\n\n"),
		});
	}
}
