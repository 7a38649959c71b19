import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

/** A connection to the server of a site, on which a test may send any bytes. */
export async function openConnection(site: string): Promise<Socket> {
	const { hostname, port } = new URL(site);
	const socket = connect(Number(port), hostname);
	socket.on("error", () => undefined);
	onTestFinished(() => void socket.destroy());
	await once(socket, "connect");
	return socket;
}

/** Sends lines and the empty line after them. @returns all that comes back until the server ends the connection. */
export async function exchange(site: string, ...lines: readonly string[]): Promise<string> {
	const socket = await openConnection(site);
	socket.write(`${lines.join("\r\n")}\r\n\r\n`);
	return text(socket);
}

/** The status and the headers of the first answer in a text, with names in lower case. */
export function headOf(answer: string): { status: number; headers: ReadonlyMap<string, string> } {
	const [head = ""] = answer.split("\r\n\r\n");
	const [first = "", ...lines] = head.split("\r\n");
	const headers = lines.map((line): [string, string] => {
		const [name = "", value = ""] = line.split(/: (.*)/s);
		return [name.toLowerCase(), value];
	});
	return { status: Number(first.split(" ")[1]), headers: new Map(headers) };
}
