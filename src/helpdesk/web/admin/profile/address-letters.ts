import type { Brand } from "../../../../contract/brands.ts";
import type { MailMessage } from "../../../../contract/mail.ts";
import type { Locale } from "../../../locale/locale.ts";
import { inGroups } from "../../../people/mailed-code.ts";
import { CODE_LIFETIME_MS } from "../../../people/pending-proofs.ts";

/** The letter to a new address. It holds nothing that the operator is called or has typed. */
export function codeLetter(
	{ id: brandId, name: brand }: Brand,
	to: string,
	code: string,
	{ text }: Locale,
): MailMessage {
	const paragraphs = [
		text("new-address-letter.code", { code: inGroups(code) }),
		text("new-address-letter.text", { brand }),
		text("new-address-letter.ignore"),
	];
	return {
		...{ brandId, to },
		subject: text("new-address-letter.subject", { brand }),
		text: paragraphs.join("\n\n"),
		usefulForMs: CODE_LIFETIME_MS,
	};
}

/**
 * The letter to the address from before, once another one has taken its place.
 *
 * @param locales each one has the whole letter, the first one also the subject.
 */
export function changedLetter(
	{ id: brandId, name: brand }: Brand,
	from: string,
	address: string,
	locales: readonly [Locale, ...Locale[]],
): MailMessage {
	const command = `operator reset ${address}`;
	const paragraphs = locales.flatMap(({ text }) => [
		text("changed-address-letter.text", { brand, address }),
		text("changed-address-letter.you"),
		text("changed-address-letter.not-you", { address, command }),
	]);
	return {
		...{ brandId, to: from },
		subject: locales[0].text("changed-address-letter.subject", { brand }),
		text: paragraphs.join("\n\n"),
	};
}
