import type { MailMessage } from "../../../../contract/mail.ts";
import type { Locale } from "../../../locale/locale.ts";
import { INVITATION_LIVES_MS, type Invitation } from "../../../people/operator-invitations.ts";

/** What an invited person reads, in the language of the owner who invites them. */
export function invitationLetter(
	brand: string,
	{ role, by: inviter }: Invitation,
	link: string,
	{ text }: Locale,
): Pick<MailMessage, "subject" | "text" | "usefulForMs"> {
	const paragraphs = [
		text(`invitation-letter.${role}`, { inviter, brand }),
		text("invitation-letter.link"),
		link,
		text("invitation-letter.unknown"),
	];
	return {
		subject: text("invitation-letter.subject", { brand }),
		text: paragraphs.join("\n\n"),
		usefulForMs: INVITATION_LIVES_MS,
	};
}
