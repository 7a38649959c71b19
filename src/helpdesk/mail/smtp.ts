import { connect, type Socket } from "node:net";
import { createTransport, type SMTPTransportOptions, type Transporter } from "nodemailer";
import { isPrivateAddress, publicLookup, type Reach } from "../../ports/public-lookup.ts";
import type { Deliver } from "./letter-delivery.ts";
import { LetterRefusedError } from "./letter-refused-error.ts";
import { hostInUrl, type MailServer } from "./mail-server.ts";
import {
	explanationOf,
	refusalOf,
	refusesRecipient,
	UncalledServerError,
	withoutLogin,
} from "./smtp-problem.ts";

const TIMEOUT_MS = 10_000;
/** A start, or a page, waits no longer for the mail server. */
const TRY_TIMEOUT_MS = 5000;
/** The ports of RFC 8314. */
const PORTS = { implicit: 465, other: 587 };

/**
 * Delivers letters through a mail server.
 *
 * @param reach for a server that an operator typed in: where it may be. Left out: anywhere.
 */
export function smtpDelivery(server: MailServer, reach?: Reach): Deliver {
	const transport = transportTo(server, TIMEOUT_MS, reach);
	return async ({ to, subject, text }) => {
		const letter = { from: server.from, to: { name: "", address: to }, subject, text };
		const { response } = await explained(server, reach, transport.sendMail(letter), to);
		return withoutLogin(String(response), server.login);
	};
}

/**
 * Connects, asks for TLS and logs in, and sends nothing.
 *
 * @param reach see {@link smtpDelivery}.
 * @throws NoTlsError, UncalledServerError, or Error with a sentence about another problem.
 */
export async function tryMailServer(server: MailServer, reach?: Reach): Promise<void> {
	const transport = transportTo(server, TRY_TIMEOUT_MS, reach);
	await explained(server, reach, transport.verify());
}

function transportTo(
	server: MailServer,
	timeoutMs: number,
	reach: Reach | undefined,
): Transporter<{ readonly response?: unknown }> {
	const { host, port, tls, login } = server;
	const options: SMTPTransportOptions = {
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
		...(reach && {
			getSocket: (_, done) => {
				connected(server, reach, timeoutMs).then(
					(connection) => done(null, { connection }),
					(error: Error) => done(error),
				);
			},
		}),
	};
	return createTransport(options);
}

/** Connects to a mail server within its reach. TLS comes later, and checks the certificate for the name of the host. */
async function connected(server: MailServer, reach: Reach, timeoutMs: number): Promise<Socket> {
	const { host, tls } = server;
	const { implicit, other } = PORTS;
	const { port = tls === "implicit" ? implicit : other } = server;
	if (!reach.allowPrivate.includes(hostInUrl(host))) {
		if (isPrivateAddress(host, reach.isGlobal)) {
			throw new UncalledServerError("private-address");
		}
		if (tls !== "implicit" && tls !== "required") {
			throw new UncalledServerError("clear-text");
		}
	}
	const socket = connect({ host, port, lookup: publicLookup(reach) });
	const timer = setTimeout(() => {
		socket.destroy(Object.assign(new Error("Connection timeout"), { code: "ETIMEDOUT" }));
	}, timeoutMs);
	try {
		await new Promise<void>((resolve, reject) => {
			socket.once("connect", resolve).once("error", reject);
		});
		return socket;
	} finally {
		clearTimeout(timer);
	}
}

/** @param to the recipient of a letter. */
async function explained<Result>(
	server: MailServer,
	reach: Reach | undefined,
	work: Promise<Result>,
	to = "",
): Promise<Result> {
	try {
		return await work;
	} catch (cause) {
		throw refusesRecipient(cause)
			? new LetterRefusedError(refusalOf(server, cause, to), { cause })
			: explanationOf(server, cause, reach !== undefined);
	}
}
