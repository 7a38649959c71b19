import { createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { createServer as createTlsServer, TLSSocket } from "node:tls";
import { onTestFinished as whenThisTestEnds } from "vitest";

export interface FakeSmtp {
	/** On loopback. */
	readonly url: string;
	readonly port: number;
	/** Whole letters as received, headers first. */
	readonly letters: string[];
	/** Every line that it was sent in clear text, letters included. */
	readonly clearText: string[];
	/** Every line that it was sent over TLS. */
	readonly overTls: string[];
	/** Whether it refuses letters from now on. */
	refuses: boolean;
	/** What it says to a recipient then. `{to}` stands for the address. */
	refusal: string;
	/** What it says when it has taken a letter. */
	taken: string;
	/** Whether it refuses passwords from now on, and repeats what it was sent. */
	refusesLogin: boolean;
	/** It answers commands that begin so with one line after the other, and never comes to an end. */
	endlessAt: string | undefined;
	/** How many connections are open. */
	readonly open: number;
}

/** What the server does at STARTTLS. Left out: it offers none. */
export type StartTls =
	| { readonly key: string; readonly cert: string }
	/** Says that TLS begins, and goes on in clear text. */
	| "pretends"
	/** Asks to come back later: at the greeting, or at STARTTLS. */
	| "busy"
	| "busy at STARTTLS";

export interface FakeSmtpPlace {
	/** The address that it listens on. Left out: 127.0.0.1. */
	readonly address?: string;
	/** The certificate of a server that speaks TLS from the first byte. Left out: it begins in clear text. */
	readonly tls?: { readonly key: string; readonly cert: string };
}

/**
 * A mail server (RFC 5321) that takes letters and delivers none. It asks for a password and accepts any.
 *
 * @param atEnd gets a function that ends the server.
 */
export async function startFakeSmtp(
	atEnd: (end: () => void) => void = whenThisTestEnds,
	startTls?: StartTls,
	{ address: own = "127.0.0.1", tls }: FakeSmtpPlace = {},
): Promise<FakeSmtp> {
	const fake = {
		letters: [],
		clearText: [],
		overTls: [],
		refuses: false,
		refusesLogin: false,
		endlessAt: undefined,
		refusal: "451 try again later",
		taken: "250 taken",
	};
	const sockets = new Set<Socket>();
	const greet = (socket: Socket): void => {
		sockets.add(socket);
		socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
		socket.write("220 fake\r\n");
		// The sender may disconnect in the middle.
		talk(socket, fake, startTls).catch(() => undefined);
	};
	const server = tls === undefined ? createServer(greet) : createTlsServer(tls, greet);
	await new Promise<void>((resolve) => server.listen(0, own, resolve));
	atEnd(() => {
		server.close();
		for (const socket of sockets) {
			socket.destroy();
		}
	});
	const address = server.address();
	const port = typeof address === "object" && address !== null ? address.port : 0;
	const told = Object.assign(fake, { port, url: `smtp://127.0.0.1:${port}`, open: 0 });
	return Object.defineProperty(told, "open", { get: () => sockets.size });
}

/** How often an endless answer gets another line. Far less than a client waits for the next one. Milliseconds. */
const NEXT_LINE_MS = 20;

type Told = Omit<FakeSmtp, "url" | "port" | "open">;

async function talk(socket: Socket, fake: Told, startTls: StartTls | undefined): Promise<void> {
	const say = (line: string) => socket.write(`${line}\r\n`);
	const heard = socket instanceof TLSSocket ? fake.overTls : fake.clearText;
	const offer = startTls === undefined || socket instanceof TLSSocket ? "" : "250-STARTTLS\r\n";
	let letter: string[] | undefined;
	const lines = createInterface(socket);
	for await (const line of lines) {
		heard.push(line);
		if (letter !== undefined) {
			if (line === ".") {
				fake.letters.push(letter.join("\n"));
				letter = undefined;
				say(fake.taken);
			} else {
				letter.push(line.replace(/^\.\./, "."));
			}
		} else if (fake.endlessAt !== undefined && line.startsWith(fake.endlessAt)) {
			const next = setInterval(() => say("250-and"), NEXT_LINE_MS);
			socket.once("close", () => clearInterval(next));
		} else if (/^EHLO/i.test(line)) {
			say(startTls === "busy" ? "421 come back later" : `250-fake\r\n${offer}250 AUTH PLAIN`);
		} else if (/^AUTH/i.test(line)) {
			say(fake.refusesLogin ? `535 no: ${line}` : "235 welcome");
		} else if (/^STARTTLS/i.test(line)) {
			if (startTls === undefined) {
				say("502 not here");
				continue;
			}
			if (startTls === "busy at STARTTLS") {
				say("454 come back later");
				continue;
			}
			say("220 go on");
			if (typeof startTls === "object") {
				lines.close();
				const secured = new TLSSocket(socket, { isServer: true, ...startTls });
				secured.on("error", () => undefined);
				return talk(secured, fake, startTls);
			}
		} else if (/^DATA/i.test(line)) {
			letter = [];
			say("354 go on");
		} else if (/^QUIT/i.test(line)) {
			say("221 bye");
			socket.end();
		} else if (/^RCPT/i.test(line) && fake.refuses) {
			say(fake.refusal.replace("{to}", line.replace(/^[^<]*/, "")));
		} else {
			say("250 fine");
		}
	}
}
