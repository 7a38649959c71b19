import type { Brand } from "../../../../contract/brands.ts";
import type { MailMessage } from "../../../../contract/mail.ts";
import { inGroups } from "../../../people/mailed-code.ts";
import { CODE_LIFETIME_MS } from "../../../people/pending-proofs.ts";

/** The letter to a new address. It holds nothing that the operator is called or has typed. */
export function codeLetter(brand: Brand, to: string, code: string): MailMessage {
	return {
		brandId: brand.id,
		to,
		subject: `Your code for the administration of ${brand.name}`,
		text: `Your code: ${inGroups(code)}\n\nAn operator of the helpdesk of ${brand.name} wants to log in with this e-mail address. If that is you, enter the code on the page where you asked for it, within ten minutes. Give it to nobody: nobody at the helpdesk asks for it.\n\nIf you did not ask for it, do nothing.`,
		usefulForMs: CODE_LIFETIME_MS,
	};
}

/** The letter to the address from before, once another one has taken its place. */
export function changedLetter(brand: Brand, from: string, to: string): MailMessage {
	return {
		brandId: brand.id,
		to: from,
		subject: `Your e-mail address for the administration of ${brand.name} was changed`,
		text: `You logged in to the administration of ${brand.name} with this e-mail address. It was changed to ${to}, by somebody who was logged in as you and read a code at the new address. All other sessions have ended.\n\nIf that was you, there is nothing to do.\n\nIf it was not you, somebody else has your log-in. Ask an owner of the helpdesk at once to remove the operator ${to}, or ask the person who runs the server for "operator reset ${to}": it ends all sessions and gives a new password. Change your password everywhere else where you use it.`,
	};
}
