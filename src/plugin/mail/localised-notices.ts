import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { User } from "../../contract/users.ts";
import { HOST, inject, injectable, MESSAGES } from "../injection.ts";
import type { Messages } from "../locale/messages.ts";
import { type AddressLetter, CODE_LIFETIME_MS, type Notices } from "../login/notices.ts";

type Told = Parameters<Notices["tell"]>[1];
type LetterText = "code" | "staff" | "suspended" | Told;

/** Sends the plugin's letters, each in its reader's language. */
@injectable()
export class LocalisedNotices implements Notices {
	constructor(
		@inject(HOST) private readonly host: HelpdeskHost,
		@inject(MESSAGES) private readonly messages: Messages,
	) {}

	code(letter: AddressLetter, code: string): Promise<void> {
		return this.send("code", letter, { code, handle: letter.handle });
	}

	noWayIn(letter: AddressLetter, reason: "staff" | "suspended"): Promise<void> {
		return this.send(reason, letter, { handle: letter.handle });
	}

	async tell({ brandId, email, locale }: User, what: Told, account: string): Promise<void> {
		if (email !== null) {
			await this.send(what, { brandId, to: email, locale }, { account });
		}
	}

	private async send(
		what: LetterText,
		{ brandId, to, locale }: Omit<AddressLetter, "handle">,
		values: Readonly<Record<string, string>>,
	): Promise<void> {
		const text = this.messages.in(locale);
		try {
			const brand = (await this.host.brands.find(brandId))?.name ?? "";
			const known = { ...values, brand };
			const subject = text(`mail.${what}.subject`, known);
			await this.host.mail.send({
				...{ brandId, to, subject, text: text(`mail.${what}.text`, known) },
				...(what === "code" && { usefulForMs: CODE_LIFETIME_MS }),
			});
		} catch (error) {
			this.host.events.emit({
				name: "mail.failed",
				level: "error",
				message: "a letter could not be handed to the helpdesk",
				brandId,
				fields: { letter: what, cause: error instanceof Error ? error.message : String(error) },
			});
		}
	}
}
