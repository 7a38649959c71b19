import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** A server on loopback that a plugin calls. */
export interface ListeningServer {
	readonly origin: string;
	/** Method and path of each request. */
	readonly requests: readonly string[];
	readonly connections: () => number;
	close(): Promise<void>;
}

export async function listen(answer: RequestListener): Promise<ListeningServer> {
	const requests: string[] = [];
	let connections = 0;
	const server = createServer((request, response) => {
		requests.push(`${request.method} ${request.url}`);
		answer(request, response);
	}).on("connection", () => {
		connections += 1;
	});
	await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
	return {
		origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		requests,
		connections: () => connections,
		close: () =>
			new Promise((closed) => {
				server.close(() => closed());
				server.closeAllConnections();
			}),
	};
}
