import { PRIVATE_ADDRESS } from "../../ports/public-lookup.ts";
import type { Message, TextKey } from "../locale/locale.ts";
import { MailProblemError } from "./mail-problem-error.ts";
import type { MailServer } from "./mail-server.ts";
import { type SentSecrets, shownReply } from "./server-reply.ts";

/** The mail server offers no TLS, and was sent neither a password nor a letter. */
export class NoTlsError extends MailProblemError {
	override readonly name = "NoTlsError";
}

/** The mail server must not be called: its address is outside the internet, or it would be called without TLS. */
export class UncalledServerError extends MailProblemError {
	override readonly name = "UncalledServerError";

	constructor(
		readonly reason: "private-address" | "clear-text",
		host: string,
		options?: ErrorOptions,
	) {
		super({ key: `mail-problem.${reason}`, values: { host } }, options);
	}
}

/** Whether the server will not take letters to this address, now or later (RFC 5321 section 4.2.1). */
export function refusesRecipient(cause: unknown): cause is { readonly response?: unknown } {
	const { command, responseCode } = cause as Readonly<Record<string, unknown>>;
	return command === "RCPT TO" && Number(responseCode) >= 500;
}

export function refusalOf(
	{ host }: MailServer,
	{ response }: { readonly response?: unknown },
	to: string,
	sent: SentSecrets,
): Message {
	const reply = shownReply(String(response), sent);
	return { key: "mail-problem.recipient", values: { host, address: to, reply } };
}

/**
 * What happened, why, and what to do, before what the mail server or the network said.
 *
 * @param isTyped whether an operator typed the mail server in. Otherwise a URL names it.
 */
export function explanationOf(
	server: MailServer,
	cause: unknown,
	isTyped: boolean,
	sent: SentSecrets,
): Error {
	const { host, tls, login } = server;
	const reply = shownReply(cause instanceof Error ? cause.message : String(cause), sent);
	const uncalled = uncalledReason(cause);
	if (uncalled !== undefined) {
		return new UncalledServerError(uncalled, host, { cause });
	}
	if (tls === "required" && refusesTls(cause)) {
		const way = isTyped ? "mail-problem.no-tls" : "mail-problem.no-tls-url";
		const key = login === undefined ? way : (`${way}-password` as const);
		return new NoTlsError({ key, values: { host } }, { cause });
	}
	if (/certificate|altnames/i.test(reply) && !isReply(cause)) {
		const key =
			login === undefined ? "mail-problem.certificate" : "mail-problem.certificate-password";
		return new MailProblemError({ key, values: { host, reply } }, { cause });
	}
	const key = textFor(cause, reply);
	return key === undefined
		? new Error(reply, { cause })
		: new MailProblemError({ key, values: { host, address: server.from, reply } }, { cause });
}

/** @returns undefined where there is nothing to add to what was said. */
function textFor(cause: unknown, reply: string): TextKey | undefined {
	const { command } = cause as Readonly<Record<string, unknown>>;
	const code = codeOf(cause);
	if (code === "EAUTH") {
		return "mail-problem.log-in";
	}
	if (command === "MAIL FROM") {
		return "mail-problem.sender";
	}
	if (code === "EDNS" || /ENOTFOUND|EAI_AGAIN|ENODATA/.test(reply)) {
		return "mail-problem.not-found";
	}
	if (/ECONNREFUSED|EHOSTUNREACH|ENETUNREACH/.test(`${reply} ${code}`)) {
		return "mail-problem.nothing-answers";
	}
	if (/wrong version number|packet length too long/i.test(reply)) {
		return "mail-problem.other-encryption";
	}
	return /time(d )?out|ETIMEDOUT/i.test(`${reply} ${code}`) ? "mail-problem.timeout" : undefined;
}

function uncalledReason(cause: unknown): UncalledServerError["reason"] | undefined {
	if (cause instanceof UncalledServerError) {
		return cause.reason;
	}
	return codeOf(cause) === PRIVATE_ADDRESS ? "private-address" : undefined;
}

/** Whether the server answered, in its own words. */
function isReply(cause: unknown): boolean {
	return (cause as Readonly<Record<string, unknown>>)["responseCode"] !== undefined;
}

function codeOf(cause: unknown): string {
	return String((cause as Readonly<Record<string, unknown>>)["code"]);
}

/**
 * Whether the server said no to STARTTLS, or does not know EHLO, without which there is none. One that asks to come back
 * later (a reply such as 421 or 454) may have TLS then.
 */
function refusesTls(cause: unknown): boolean {
	const { code, command, responseCode = 500 } = cause as Readonly<Record<string, unknown>>;
	const isFinal = Number(responseCode) >= 500;
	return isFinal && ((code === "ETLS" && command === "STARTTLS") || command === "EHLO");
}
