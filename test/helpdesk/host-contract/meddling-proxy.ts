import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface WireRequest {
	readonly method: string;
	readonly path: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

export interface WireAnswer {
	readonly status: number;
	/** Names are in lower case. A header that was sent several times is there several times. */
	readonly headers: readonly (readonly [string, string])[];
	readonly body: string;
}

/** Changes requests to a portal, and its answers. */
export interface Wire {
	request?(request: WireRequest, portalUrl: string): WireRequest | Promise<WireRequest>;
	answer?(answer: WireAnswer, request: WireRequest): WireAnswer;
}

export interface MeddlingProxy {
	readonly url: string;
	close(): void;
}

/** A proxy before a portal. It makes the portal look as if it broke its promises. */
export async function meddlingProxy(
	portalUrl: string,
	{ request: changeRequest, answer: changeAnswer }: Wire,
): Promise<MeddlingProxy> {
	const server = createServer(async (incoming, outgoing) => {
		const { host: _, connection: __, ...headers } = incoming.headers;
		const asked: WireRequest = {
			method: incoming.method ?? "GET",
			path: incoming.url ?? "/",
			headers: Object.fromEntries(
				Object.entries(headers).map(([name, value]) => [name, String(value)]),
			),
			body: await text(incoming),
		};
		const request = (await changeRequest?.(asked, portalUrl)) ?? asked;
		const { "content-length": ___, ...rest } = request.headers;
		const answered = await fetch(new URL(request.path, portalUrl), {
			method: request.method,
			headers: rest,
			redirect: "manual",
			...(request.method === "POST" && { body: request.body }),
		});
		const answer: WireAnswer = {
			status: answered.status,
			headers: [...answered.headers],
			body: await answered.text(),
		};
		const sent = changeAnswer?.(answer, request) ?? answer;
		for (const [name, value] of sent.headers) {
			if (name !== "content-length" && name !== "transfer-encoding") {
				outgoing.appendHeader(name, value);
			}
		}
		outgoing.writeHead(sent.status).end(sent.body);
	});
	// Node's five seconds may end a connection that a busy test is about to use.
	server.keepAliveTimeout = 75_000;
	await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close: () => {
			server.closeAllConnections();
			server.close();
		},
	};
}
