import {
	inClearText,
	type MailServer,
	MailServerUrlError,
	readMailServer,
} from "../../helpdesk/mail/mail-server.ts";
import { tryMailServer } from "../../helpdesk/mail/smtp.ts";
import { NoTlsError } from "../../helpdesk/mail/smtp-problem.ts";
import { CommandError, reasonOf } from "../command-error.ts";
import type { GivenSecret } from "./secret-option.ts";

export interface SmtpOption {
	readonly given: GivenSecret;
	readonly server: MailServer;
}

/** @throws CommandError when the value names no mail server. It does not repeat the value, which may hold a password. */
export function readSmtpOption(given: GivenSecret): SmtpOption {
	try {
		return { given, server: readMailServer(given.value) };
	} catch (cause) {
		if (!(cause instanceof MailServerUrlError)) {
			throw cause;
		}
		const { message, instead } = cause;
		const way = instead === undefined ? "" : `. To go on without, ${given.giving(instead)}`;
		throw new CommandError(`${given.place} ${message}${way}`, { cause });
	}
}

/**
 * Asks a mail server beyond loopback whether it can be used.
 *
 * @param warn called with a sentence about a problem that may pass; letters wait until then.
 * @throws CommandError when the server offers no TLS, with the way to go on in clear text.
 */
export async function checkMailServer(
	{ given, server }: SmtpOption,
	warn: (sentence: string) => void,
): Promise<void> {
	if (server.tls === "offered") {
		return;
	}
	try {
		await tryMailServer(server);
	} catch (cause) {
		if (cause instanceof NoTlsError) {
			const way = given.giving(inClearText(given.value));
			throw new CommandError(`${cause.message}. To go on in clear text, ${way}`, { cause });
		}
		warn(`the mail server cannot be used now, and letters wait: ${reasonOf(cause)}`);
	}
}
