import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface Received {
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
}

/** A server on this machine that keeps what is posted to it. */
export async function receivingServer() {
	const received: Received[] = [];
	let status = 200;
	let meanwhile = async (): Promise<void> => {};
	const server = createServer(async (request, response) => {
		let body = "";
		for await (const part of request) {
			body += part;
		}
		received.push({ headers: request.headers, body });
		await meanwhile();
		response.writeHead(status).end();
	});
	await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}/hook`,
		received: received as readonly Received[],
		/** Does something before each answer. */
		during: (work: () => Promise<void>) => {
			meanwhile = work;
		},
		answerWith: (next: number) => {
			status = next;
		},
	};
}
