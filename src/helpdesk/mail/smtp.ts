import { connect, type Socket } from "node:net";
import type { SMTPTransportOptions, Transporter } from "nodemailer";
import { isPrivateAddress, publicLookup, type Reach } from "../../ports/public-lookup.ts";
import type { Deliver } from "./letter-delivery.ts";
import { LetterRefusedError } from "./letter-refused-error.ts";
import { hostInUrl, type MailServer } from "./mail-server.ts";
import { type SentSecrets, shownReply } from "./server-reply.ts";
import { explanationOf, refusalOf, refusesRecipient, UncalledServerError } from "./smtp-problem.ts";

/** How long a mail server may take: for each step, and for all of them together. Milliseconds. */
interface Patience {
	readonly stepMs: number;
	/** A server that says a little now and then would otherwise hold a letter, and at last all letters, for ever. */
	readonly wholeMs: number;
}

/** Less than a node holds a letter, see `LetterDelivery`. */
const FOR_A_LETTER: Patience = { stepMs: 10_000, wholeMs: 2 * 60_000 };
/** A start, or a page, waits no longer for the mail server. */
const FOR_A_TRY: Patience = { stepMs: 5000, wholeMs: 15_000 };
/** The ports of RFC 8314. */
const PORTS = { implicit: 465, other: 587 };

/** A transport to a mail server. */
type Transport = Transporter<{ readonly response?: unknown }>;

/**
 * Delivers letters through a mail server.
 *
 * @param reach for a server that an operator typed in: where it may be. Left out: anywhere.
 */
export function smtpDelivery(
	server: MailServer,
	reach?: Reach,
	patience: Patience = FOR_A_LETTER,
): Deliver {
	return async ({ to, subject, text }) => {
		const letter = { from: server.from, to: { name: "", address: to }, subject, text };
		const sent: SentSecrets = { login: server.login, letter: { text } };
		const { response } = await explained(
			server,
			reach,
			inTime({ server, reach, patience }, (transport) => transport.sendMail(letter)),
			sent,
			to,
		);
		return shownReply(String(response), sent);
	};
}

/**
 * Connects, asks for TLS and logs in, and sends nothing.
 *
 * @param reach see {@link smtpDelivery}.
 * @throws NoTlsError, UncalledServerError, or Error with a sentence about another problem.
 */
export async function tryMailServer(
	server: MailServer,
	reach?: Reach,
	patience: Patience = FOR_A_TRY,
): Promise<void> {
	const trial = inTime({ server, reach, patience }, (transport) => transport.verify());
	await explained(server, reach, trial, { login: server.login });
}

interface Call {
	readonly server: MailServer;
	readonly reach: Reach | undefined;
	readonly patience: Patience;
}

/** Does one thing through a connection of its own, which ends when its time is over. */
async function inTime<Result>(
	call: Call,
	work: (transport: Transport) => Promise<Result>,
): Promise<Result> {
	const { wholeMs } = call.patience;
	const over = new AbortController();
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => {
			reject(Object.assign(new Error("Timeout of the whole call"), { code: "ETIMEDOUT" }));
			over.abort();
		}, wholeMs);
	});
	try {
		return await Promise.race([transportTo(call, over.signal).then(work), late]);
	} finally {
		clearTimeout(timer);
	}
}

async function transportTo(call: Call, over: AbortSignal): Promise<Transport> {
	// A helpdesk starts without it, and one without a mail server never loads it.
	const { createTransport } = await import("nodemailer");
	const { host, port, tls, login } = call.server;
	const { stepMs } = call.patience;
	const options: SMTPTransportOptions = {
		host,
		...(port !== undefined && { port }),
		secure: tls === "implicit",
		requireTLS: tls === "required",
		ignoreTLS: tls === "off",
		...(login && { auth: { user: login.user, pass: login.password.reveal() } }),
		connectionTimeout: stepMs,
		greetingTimeout: stepMs,
		socketTimeout: stepMs,
		// The text of a letter must not make nodemailer open files or addresses.
		disableFileAccess: true,
		disableUrlAccess: true,
		getSocket: (_, done) => {
			connected(call, over).then(
				(connection) => done(null, { connection }),
				(error: Error) => done(error),
			);
		},
	};
	return createTransport(options);
}

/** Connects to a mail server within its reach. TLS comes later, and checks the certificate for the name of the host. */
async function connected({ server, reach, patience }: Call, over: AbortSignal): Promise<Socket> {
	const { host, tls } = server;
	const { implicit, other } = PORTS;
	const { port = tls === "implicit" ? implicit : other } = server;
	if (reach !== undefined && !reach.allowPrivate.includes(hostInUrl(host))) {
		if (isPrivateAddress(host, reach.isGlobal)) {
			throw new UncalledServerError("private-address", host);
		}
		if (tls !== "implicit" && tls !== "required") {
			throw new UncalledServerError("clear-text", host);
		}
	}
	const socket = connect({ host, port, ...(reach && { lookup: publicLookup(reach) }) });
	over.addEventListener("abort", () => socket.destroy(), { once: true });
	const timer = setTimeout(() => {
		socket.destroy(Object.assign(new Error("Connection timeout"), { code: "ETIMEDOUT" }));
	}, patience.stepMs);
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
	sent: SentSecrets,
	to = "",
): Promise<Result> {
	try {
		return await work;
	} catch (cause) {
		if (!refusesRecipient(cause)) {
			throw explanationOf(server, cause, reach !== undefined, sent);
		}
		throw new LetterRefusedError(refusalOf(server, cause, to, sent), { cause });
	}
}
