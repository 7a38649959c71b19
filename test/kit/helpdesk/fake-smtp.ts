import { createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { onTestFinished as whenThisTestEnds } from "vitest";

export interface FakeSmtp {
	readonly url: string;
	/** Whole letters as received, headers first. */
	readonly letters: string[];
	/** Whether it refuses letters from now on. */
	refuses: boolean;
}

/**
 * A mail server (RFC 5321) that takes letters and delivers none.
 *
 * @param atEnd gets a function that ends the server.
 */
export async function startFakeSmtp(
	atEnd: (end: () => void) => void = whenThisTestEnds,
): Promise<FakeSmtp> {
	const letters: string[] = [];
	const fake = { url: "", letters, refuses: false };
	const server = createServer((socket) => {
		// The sender may disconnect in the middle.
		talk(socket, fake).catch(() => undefined);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	atEnd(() => void server.close());
	const address = server.address();
	fake.url = `smtp://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
	return fake;
}

async function talk(socket: Socket, fake: { letters: string[]; refuses: boolean }): Promise<void> {
	const say = (line: string) => socket.write(`${line}\r\n`);
	let letter: string[] | undefined;
	socket.on("error", () => undefined);
	say("220 fake");
	for await (const line of createInterface(socket)) {
		if (letter !== undefined) {
			if (line === ".") {
				fake.letters.push(letter.join("\n"));
				letter = undefined;
				say("250 taken");
			} else {
				letter.push(line.replace(/^\.\./, "."));
			}
		} else if (/^DATA/i.test(line)) {
			letter = [];
			say("354 go on");
		} else if (/^QUIT/i.test(line)) {
			say("221 bye");
			socket.end();
		} else if (/^RCPT/i.test(line) && fake.refuses) {
			say("451 try again later");
		} else {
			say("250 fine");
		}
	}
}
