import type { KnownBrands } from "../../brands/helpdesk-brands.ts";
import type { Outbox } from "../../mail/outbox.ts";
import { writePortalLetter } from "../portal-letter.ts";
import type { Account } from "../stored-account.ts";

/** The letter after a passkey was added: an intruder may have done it, to come back later. */
export class PasskeyLetters {
	constructor(
		readonly brands: KnownBrands,
		readonly mail: Pick<Outbox, "send" | "expectRoom">,
	) {}

	/** Asked before a passkey is added, because none is added without a letter. @throws StorageError */
	async expectRoom({ email }: Account): Promise<void> {
		await (email === null ? undefined : this.mail.expectRoom(0));
	}

	/** Writes to a user who has an address. */
	writeAdded(account: Account): Promise<void> {
		return writePortalLetter(this, account, {
			subject: "passkey.mail-subject",
			paragraphs: ({ baseUrl }, text) => [
				text("passkey.mail-text"),
				text("passkey.mail-ignore"),
				`${baseUrl}/forgot`,
			],
		});
	}
}
