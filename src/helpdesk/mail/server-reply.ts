import type { MailMessage } from "../../contract/mail.ts";
import type { MailServer } from "./mail-server.ts";

/** The most characters of what a mail server or the network said that are kept and shown. */
export const MOST_OF_REPLY = 500;
/** So many characters in a row that a secret has, too, are not shown. Codes are not much longer. */
const TELLING = 6;
const HIDDEN = "***";

/** What a mail server was sent and may repeat, although others must not read it. */
export interface SentSecrets {
	readonly login: MailServer["login"];
	/** The letter; undefined for a call without one. */
	readonly letter?: Pick<MailMessage, "text"> | undefined;
}

/**
 * What a mail server or the network said, as operators may see it: in one line, bounded, without the password, and without
 * the codes and links of the letter. Filters for spam quote the link that they refuse, and it would still work.
 */
export function shownReply(said: string, { login, letter }: SentSecrets): string {
	const line = withoutLogin(said, login)
		.slice(0, 2 * MOST_OF_REPLY)
		.replace(/[\p{C}\s]+/gu, " ")
		.trim()
		.slice(0, MOST_OF_REPLY)
		.toWellFormed();
	return letter === undefined ? line : withoutSecrets(line, secretsIn(letter.text));
}

/** Outgoing e-mail and the log must not show the password. */
function withoutLogin(message: string, login: MailServer["login"]): string {
	const password = login?.password.reveal() ?? "";
	if (login === undefined || password === "") {
		return message;
	}
	// The longest comes first, because a shorter one may be a part of it.
	const sent = [
		Buffer.from(`\0${login.user}\0${password}`).toString("base64"),
		Buffer.from(password).toString("base64"),
		password,
	];
	return sent.reduce((rest, text) => rest.replaceAll(text, HIDDEN), message);
}

/** The words of a text that may be a code or a part of a link: those with digits, and very long ones. */
function secretsIn(text: string): readonly string[] {
	const groups = text.match(/\d+(?: \d+)*/g) ?? [];
	const words = text.match(/[\w-]+/g) ?? [];
	return [
		...groups,
		...groups.map((group) => group.replaceAll(" ", "")),
		...words.filter((word) => /\d/.test(word) || word.length >= 20),
	].filter((word) => word.length >= TELLING);
}

/** A server may repeat a part of a secret, or break it into lines, so parts are compared. */
function withoutSecrets(line: string, secrets: readonly string[]): string {
	const hidden = new Set<number>();
	for (let at = 0; at + TELLING <= line.length; at += 1) {
		const part = line.slice(at, at + TELLING);
		if (secrets.some((secret) => secret.includes(part))) {
			for (let each = at; each < at + TELLING; each += 1) {
				hidden.add(each);
			}
		}
	}
	let shown = "";
	for (let at = 0; at < line.length; at += 1) {
		shown += hidden.has(at) ? (hidden.has(at - 1) ? "" : HIDDEN) : line[at];
	}
	return shown;
}
