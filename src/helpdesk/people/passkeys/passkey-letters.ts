import type { KnownBrands } from "../../brands/helpdesk-brands.ts";
import { type PortalText, portalLocale } from "../../locale/portal-locale.ts";
import type { Outbox } from "../../mail/outbox.ts";
import type { Account } from "../stored-account.ts";

/** The letter after a passkey was added: an intruder may have done it, to come back later. */
export class PasskeyLetters {
	constructor(
		private readonly brands: KnownBrands,
		private readonly outbox: Pick<Outbox, "send" | "expectRoom">,
	) {}

	/** Asked before a passkey is added, because no passkey is added without a letter. @throws StorageError */
	async expectRoom({ email }: Account): Promise<void> {
		await (email === null ? undefined : this.outbox.expectRoom(0));
	}

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
		await this.outbox.send({
			...{ brandId, to: email, subject: text("passkey.mail-subject") },
			text: paragraphs.join("\n\n"),
		});
	}
}
