import type { Mail } from "../../../contract/mail.ts";
import type { KnownBrands } from "../../brands/helpdesk-brands.ts";
import { type PortalText, portalLocale } from "../../locale/portal-locale.ts";
import type { Account } from "../stored-account.ts";

/** The letter after a passkey was added: an intruder may have done it, to come back later. */
export class PasskeyLetters {
	constructor(
		private readonly brands: KnownBrands,
		private readonly mail: Mail,
	) {}

	/** Writes to a user who has an address. */
	async writeAdded({ brandId, email, locale }: Account): Promise<void> {
		const brand = this.brands.find(brandId);
		if (brand === undefined || email === null) {
			return;
		}
		const { text: textOf } = portalLocale(locale, brand.locale);
		const text = (key: PortalText) => textOf(key).replaceAll("{brand}", () => brand.name);
		const paragraphs = [
			text("passkey.mail-text"),
			text("passkey.mail-ignore"),
			`${brand.baseUrl}/forgot`,
		];
		await this.mail.send({
			...{ brandId, to: email, subject: text("passkey.mail-subject") },
			text: paragraphs.join("\n\n"),
		});
	}
}
