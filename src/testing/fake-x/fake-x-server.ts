import {
	createServer,
	type IncomingMessage,
	type RequestListener,
	type Server,
	type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { type Answer, jsonAnswer, jsonError } from "./answer.ts";
import type { FakeXOptions } from "./fake-x-options.ts";
import { type ReceivedRequest, receiveRequest } from "./received-request.ts";
import type { Routes } from "./routes.ts";

interface ServerOptions {
	readonly clock: { now(): number };
	readonly publicUrl: FakeXOptions["publicUrl"];
	readonly tls: FakeXOptions["tls"];
}

const KEEP_ALIVE_MS = 75_000;

// These headers are recorded from X. There are no x-rate-limit headers on /oauth/*.
const OAUTH_HEADERS: Readonly<Record<string, string>> = {
	"cache-control": "no-cache, no-store, must-revalidate, pre-check=0, post-check=0",
	expires: "Tue, 31 Mar 1981 05:00:00 GMT",
	pragma: "no-cache",
	"strict-transport-security": "max-age=631138519",
	"x-connection-hash": "0",
	"x-response-time": "1",
	"x-frame-options": "SAMEORIGIN",
	"x-xss-protection": "0",
};

/** A server of these routes that does not listen yet. */
export function serve(routes: Routes, options: ServerOptions): Server {
	const listener: RequestListener = (message, response) => {
		void respond(routes, options, message, response);
	};
	const server = options.tls ? createTlsServer(options.tls, listener) : createServer(listener);
	// A busy test may use an idle connection late. Node's five seconds would end it under the request.
	server.keepAliveTimeout = KEEP_ALIVE_MS;
	return server;
}

/** @returns the port. */
export function listen(server: Server, port: number): Promise<number> {
	return new Promise((resolve, reject) => {
		server.once("error", reject);
		server.listen(port, "127.0.0.1", () => {
			server.off("error", reject);
			// An IP server that listens has an address of this kind.
			resolve((server.address() as AddressInfo).port);
		});
	});
}

export function close(server: Server): Promise<void> {
	return new Promise((resolve, reject) => {
		server.close((error) => (error === undefined ? resolve() : reject(error)));
		server.closeAllConnections();
	});
}

async function respond(
	routes: Routes,
	{ clock, publicUrl }: ServerOptions,
	message: IncomingMessage,
	response: ServerResponse,
): Promise<void> {
	try {
		const request = await receiveRequest(message, publicUrl);
		const answer =
			request === undefined
				? jsonAnswer(413, { error: "the body is too large" })
				: route(routes, request);
		if (answer.delayMs !== undefined) {
			setTimeout(() => send(response, clock, answer), answer.delayMs).unref();
			return;
		}
		send(response, clock, answer);
	} catch {
		// The sender has gone and nobody reads this, or the fake X itself has an error.
		if (!response.headersSent) {
			send(response, clock, jsonError(500, 131, "Internal error"));
		}
	}
}

function route(routes: Routes, request: ReceivedRequest): Answer {
	const handler = routes.get(`${request.method} ${request.path}`);
	const answer = handler?.(request) ?? jsonError(404, 34, "Sorry, that page does not exist.");
	return request.path.startsWith("/oauth/")
		? { ...answer, headers: { ...OAUTH_HEADERS, ...answer.headers } }
		: answer;
}

function send(response: ServerResponse, clock: { now(): number }, answer: Answer): void {
	if (answer.delivery === "hang") {
		return;
	}
	if (answer.delivery === "reset") {
		response.destroy();
		return;
	}
	response.statusCode = answer.status;
	// The date is the injected clock's, because a client reads X's time from here.
	response.setHeader("date", new Date(clock.now()).toUTCString());
	response.setHeader("content-type", answer.contentType);
	for (const [name, value] of Object.entries(answer.headers ?? {})) {
		response.setHeader(name, value);
	}
	if (answer.delivery === "truncated") {
		response.setHeader("content-length", Buffer.byteLength(answer.body) + 100);
		response.write(answer.body, () => response.destroy());
		return;
	}
	response.end(answer.body);
}
