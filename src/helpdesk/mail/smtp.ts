import { createTransport, type Transporter } from "nodemailer";
import type { Deliver } from "./letter-delivery.ts";
import { LetterRefusedError } from "./letter-refused-error.ts";
import type { MailServer } from "./mail-server.ts";

const TIMEOUT_MS = 10_000;
/** A start waits no longer for the mail server. */
const START_TIMEOUT_MS = 5000;

/** The mail server offers no TLS, and was sent neither a password nor a letter. */
export class NoTlsError extends Error {
	override readonly name = "NoTlsError";
}

/** Delivers letters through a mail server. */
export function smtpDelivery(server: MailServer): Deliver {
	const transport = transportTo(server, TIMEOUT_MS);
	return async ({ to, subject, text }) => {
		const letter = { from: server.from, to: { name: "", address: to }, subject, text };
		await explained(server, transport.sendMail(letter), to);
	};
}

/**
 * Connects, asks for TLS and logs in, and sends nothing.
 *
 * @throws NoTlsError, or Error with a sentence about another problem.
 */
export async function tryMailServer(server: MailServer): Promise<void> {
	const transport = transportTo(server, START_TIMEOUT_MS);
	await explained(server, transport.verify());
}

function transportTo({ host, port, tls, login }: MailServer, timeoutMs: number): Transporter {
	return createTransport({
		host,
		...(port !== undefined && { port }),
		secure: tls === "implicit",
		requireTLS: tls === "required",
		ignoreTLS: tls === "off",
		...(login && { auth: { user: login.user, pass: login.password } }),
		connectionTimeout: timeoutMs,
		greetingTimeout: timeoutMs,
		socketTimeout: timeoutMs,
		// The text of a letter must not make nodemailer open files or addresses.
		disableFileAccess: true,
		disableUrlAccess: true,
	});
}

/** @param to the recipient of a letter. */
async function explained(server: MailServer, work: Promise<unknown>, to = ""): Promise<void> {
	try {
		await work;
	} catch (cause) {
		throw refusesRecipient(cause)
			? new LetterRefusedError(refusalOf(server, cause, to), { cause })
			: explanationOf(server, cause);
	}
}

/** Whether the server will not take letters to this address, now or later (RFC 5321 section 4.2.1). */
function refusesRecipient(cause: unknown): cause is { readonly response?: unknown } {
	const { command, responseCode } = cause as Readonly<Record<string, unknown>>;
	return command === "RCPT TO" && Number(responseCode) >= 500;
}

function refusalOf(
	{ host, login }: MailServer,
	{ response }: { readonly response?: unknown },
	to: string,
): string {
	const reply = withoutLogin(String(response).trim(), login);
	return `the mail server ${host} takes no letters to ${to}: ${reply}`;
}

function explanationOf({ host, tls, login }: MailServer, cause: unknown): Error {
	const message = cause instanceof Error ? cause.message : String(cause);
	const nothing = login === undefined ? "no letter" : "neither the password nor a letter";
	if (tls === "required" && refusesTls(cause)) {
		return new NoTlsError(
			`the mail server ${host} offers no TLS (STARTTLS), and was sent ${nothing}. Name a mail server with TLS, or add tls=off to its URL to send in clear text`,
			{ cause },
		);
	}
	if (/certificate|altnames/i.test(message)) {
		return new Error(
			`the certificate of the mail server ${host} is not accepted (${message}), and it was sent ${nothing}. Renew it, name the server as its certificate does, or name the authority that signed it with NODE_EXTRA_CA_CERTS`,
			{ cause },
		);
	}
	return new Error(withoutLogin(message, login), { cause });
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

/** A server may repeat what it was sent, which Outgoing e-mail and the log must not show. */
function withoutLogin(message: string, login: MailServer["login"]): string {
	if (login === undefined || login.password === "") {
		return message;
	}
	const { user, password } = login;
	// The longest comes first, because a shorter one may be a part of it.
	const sent = [
		Buffer.from(`\0${user}\0${password}`).toString("base64"),
		Buffer.from(password).toString("base64"),
		password,
	];
	return sent.reduce((rest, text) => rest.replaceAll(text, "***"), message);
}
