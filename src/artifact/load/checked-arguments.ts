import { canonicalEmail } from "../../contract/email-address.ts";
import type { MailMessage } from "../../contract/mail.ts";
import type { NewUser } from "../../contract/users.ts";

const MAX_NAME = 10_000;
const MAX_SUBJECT = 1000;
const MAX_TEXT = 1_000_000;
const MAX_KEY = 10_000;
/** Longer than any tag that names a language, a script, a region and variants. */
const MAX_LOCALE = 100;
/** Longer than any IP address with a zone. */
const MAX_CLIENT_ADDRESS = 100;
const LANGUAGE_TAG = /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/;
/** One address of any helpdesk's users, also of those that older versions stored, and nothing that a mail server reads as two. */
const ONE_ADDRESS = /^[^\s\p{C}@,;:<>()"\\[\]]{1,64}@[^\s\p{C}@,;:<>()"\\[\]]{1,253}$/u;
const PROOFS: readonly NewUser["emailProof"][] = ["asserted", "code", "none"];

/**
 * A plugin's letter as the helpdesk stores it. Each field is read once. The recipient keeps the spelling of the account.
 *
 * @throws TypeError for a letter that nobody could read or receive.
 */
export function checkedLetter(letter: MailMessage): MailMessage {
	const { brandId, to, subject, text, usefulForMs } = letter;
	const address = textOf("to of a letter", to, MAX_SUBJECT);
	if (canonicalEmail(address) === undefined && !ONE_ADDRESS.test(address)) {
		throw new TypeError("the to of a letter must be one e-mail address");
	}
	return {
		brandId: textOf("brandId of a letter", brandId, MAX_KEY),
		to: address.trim(),
		subject: textOf("subject of a letter", subject, MAX_SUBJECT),
		text: textOf("text of a letter", text, MAX_TEXT),
		...(usefulForMs !== undefined && {
			usefulForMs: timeOf("usefulForMs of a letter", usefulForMs),
		}),
	};
}

/**
 * A plugin's new user as the helpdesk stores them. Each field is read once.
 *
 * @throws TypeError for fields that the helpdesk could not read again.
 */
export function checkedNewUser(user: NewUser): NewUser {
	const { brandId, name, email, emailProof, locale, suggestedName, clientAddress } = user;
	if (!PROOFS.includes(emailProof)) {
		throw new TypeError(`the emailProof of a new user must be one of ${PROOFS.join(", ")}`);
	}
	const language = textOf("locale of a new user", locale, MAX_LOCALE);
	if (!LANGUAGE_TAG.test(language)) {
		throw new TypeError('the locale of a new user must be a BCP 47 language tag such as "en"');
	}
	return {
		brandId: textOf("brandId of a new user", brandId, MAX_KEY),
		name: textOf("name of a new user", name, MAX_NAME),
		email: email === null ? null : textOf("email of a new user", email, MAX_NAME),
		emailProof,
		locale: language,
		...(suggestedName !== undefined && {
			suggestedName: textOf("suggestedName of a new user", suggestedName, MAX_NAME),
		}),
		...(clientAddress !== undefined && {
			clientAddress: textOf("clientAddress of a new user", clientAddress, MAX_CLIENT_ADDRESS),
		}),
	};
}

/** The key of a new user. @throws TypeError for anything but a text. */
export function checkedUserKey(key: string): string {
	return textOf("key of a new user", key, MAX_KEY);
}

function timeOf(what: string, value: unknown): number {
	if (typeof value !== "number" || !(value > 0)) {
		throw new TypeError(`the ${what} must be a number of milliseconds`);
	}
	return value;
}

function textOf(what: string, value: unknown, most: number): string {
	if (typeof value !== "string") {
		throw new TypeError(`the ${what} must be a string`);
	}
	if (value.length > most) {
		throw new TypeError(`the ${what} must have at most ${most} characters`);
	}
	return value;
}
