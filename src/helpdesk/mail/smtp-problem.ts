import { PRIVATE_ADDRESS } from "../../ports/public-lookup.ts";
import type { MailServer } from "./mail-server.ts";
import { type SentSecrets, shownReply } from "./server-reply.ts";

/** The mail server offers no TLS, and was sent neither a password nor a letter. */
export class NoTlsError extends Error {
	override readonly name = "NoTlsError";
}

/** The mail server must not be called: its address is outside the internet, or it would be called without TLS. */
export class UncalledServerError extends Error {
	override readonly name = "UncalledServerError";

	constructor(
		readonly reason: "private-address" | "clear-text",
		message = "the mail server is not called",
		options?: ErrorOptions,
	) {
		super(message, options);
	}
}

const UNCALLED: Readonly<Record<UncalledServerError["reason"], (host: string) => string>> = {
	"private-address": (host) =>
		`the mail server ${host} is not called, because its address is private or reserved. If it is in your own network, start the helpdesk with --allow-private ${host}`,
	"clear-text": (host) =>
		`the mail server ${host} is not called, because its settings say no encryption. Choose an encryption. If it is in your own network, start the helpdesk with --allow-private ${host}`,
};

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
): string {
	return `the mail server ${host} takes no letters to ${to}: ${shownReply(String(response), sent)}`;
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
	const said = shownReply(cause instanceof Error ? cause.message : String(cause), sent);
	const nothing = login === undefined ? "no letter" : "neither the password nor a letter";
	const uncalled = uncalledReason(cause);
	if (uncalled !== undefined) {
		return new UncalledServerError(uncalled, UNCALLED[uncalled](host), { cause });
	}
	if (tls === "required" && refusesTls(cause)) {
		const way = isTyped
			? "Name a mail server with TLS"
			: "Name a mail server with TLS, or add tls=off to its URL to send in clear text";
		return new NoTlsError(
			`the mail server ${host} offers no TLS (STARTTLS), and was sent ${nothing}. ${way}`,
			{ cause },
		);
	}
	if (/certificate|altnames/i.test(said) && !isReply(cause)) {
		return new Error(
			`the certificate of the mail server ${host} is not accepted (${said}), and it was sent ${nothing}. Renew it, name the server as its certificate does, or name the authority that signed it with NODE_EXTRA_CA_CERTS`,
			{ cause },
		);
	}
	const words = wordsFor(server, cause, said);
	return new Error(words === undefined ? said : `${words}: ${said}`, { cause });
}

/** @returns undefined where there is nothing to add to what was said. */
function wordsFor(server: MailServer, cause: unknown, message: string): string | undefined {
	const { host, from } = server;
	const { command } = cause as Readonly<Record<string, unknown>>;
	const code = codeOf(cause);
	if (code === "EAUTH") {
		return `the mail server ${host} does not accept the user and the password; check both`;
	}
	if (command === "MAIL FROM") {
		return `the mail server ${host} takes no letters from ${from}; use an address that it sends for`;
	}
	if (code === "EDNS" || /ENOTFOUND|EAI_AGAIN|ENODATA/.test(message)) {
		return `the mail server ${host} cannot be found; check its name`;
	}
	if (/ECONNREFUSED|EHOSTUNREACH|ENETUNREACH/.test(`${message} ${code}`)) {
		return `nothing answers at the mail server ${host}; check its name and port, and firewalls in between`;
	}
	if (/wrong version number|packet length too long/i.test(message)) {
		return `the mail server ${host} does not begin with TLS at this port; it may want STARTTLS`;
	}
	return /time(d )?out|ETIMEDOUT/i.test(`${message} ${code}`)
		? `the mail server ${host} did not answer in time; check its name, port and encryption, and firewalls in between`
		: undefined;
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
