import {
	createServer,
	type IncomingMessage,
	type Server,
	type ServerResponse,
	STATUS_CODES,
} from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { getRequestListener, type Http2Bindings, type HttpBindings } from "@hono/node-server";
import { LOOPBACK } from "../brands/brand-addresses.ts";
import { requestFault } from "./request-fault.ts";

/** How many connections a brand has open at once, unless the operator says otherwise. */
export const MOST_CONNECTIONS = 2000;

/** Bounds on what one client may hold. Times in milliseconds. */
export const LIMITS = {
	/**
	 * How long an idle connection stays open. Longer than proxies keep theirs (60 seconds in many): a server that closes
	 * first meets requests that the proxy or the browser has just sent, and they fail.
	 */
	keepAliveTimeout: 75_000,
	/** How long the headers of a request may take. */
	headersTimeout: 20_000,
	/** How long a whole request may take. An upload of some megabytes over a slow line takes a minute. */
	requestTimeout: 120_000,
	/** How often these two are checked. */
	connectionsCheckingInterval: 5000,
	/** How long a client may send and take no byte, except while it waits for an answer. */
	silence: 120_000,
	/** The size of all headers, in bytes. */
	maxHeaderSize: 16 * 1024,
};

/** The headers of answers that no page gives. Browsers do not guess what such an answer is, and frame none. Pages have others. */
const BARE_HEADERS = {
	"x-content-type-options": "nosniff",
	"content-security-policy": "default-src 'none'; frame-ancestors 'none'",
};
const TEXT = { "content-type": "text/plain; charset=utf-8" };

export interface Listener {
	readonly server: Server;
	readonly port: number;
}

/** Answers a request. */
export type Fetch = (
	request: Request,
	env: HttpBindings | Http2Bindings,
) => Response | Promise<Response>;

export interface ListenOptions {
	/** 0: a free port. */
	readonly port: number;
	/** The handler of the site. Undefined: it is starting. */
	readonly site: () => Fetch | undefined;
	/** The headers of every answer, those of refused requests and of the server itself included. */
	readonly headers: Readonly<Record<string, string>>;
	readonly maxConnections: number;
	/** Called for each connection that is refused because too many are open. */
	readonly onFull: () => void;
	readonly limits?: Partial<typeof LIMITS>;
}

/** Listens on loopback. @throws Error when the port is taken. */
export async function listen(options: ListenOptions): Promise<Listener> {
	const { port, site, headers, maxConnections, onFull } = options;
	const { silence, ...limits } = { ...LIMITS, ...options.limits };
	const answer = getRequestListener(
		(request, env) =>
			site()?.(request, env) ?? new Response("starting\n", { status: 503, headers: TEXT }),
	);
	/** The newest answer on each connection. */
	const answers = new WeakMap<Duplex, ServerResponse>();
	const answerTo = (
		request: IncomingMessage,
		response: ServerResponse,
		fault: number | undefined,
	): void => {
		answers.set(request.socket, response);
		for (const [name, value] of Object.entries({ ...BARE_HEADERS, ...headers })) {
			response.setHeader(name, value);
		}
		if (fault === undefined) {
			void answer(request, response);
		} else {
			response.writeHead(fault, { ...TEXT, connection: "close" });
			response.end(`${STATUS_CODES[fault]}\n`);
		}
	};
	// Node would refuse a request without a host, or with another expectation than 100-continue, without these headers.
	const server = createServer({ ...limits, requireHostHeader: false });
	server.on("request", (request, response) => answerTo(request, response, requestFault(request)));
	server.on("checkExpectation", (request, response) => answerTo(request, response, 417));
	server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
		const last = answers.get(socket);
		if (!socket.writable || (last !== undefined && !last.writableFinished)) {
			socket.destroy();
			return;
		}
		socket.end(bareAnswer(STATUS_OF.get(error.code ?? "") ?? 400, headers), () => socket.destroy());
	});
	server.setTimeout(silence, (socket: Socket) => {
		const last = answers.get(socket);
		if (last === undefined || last.headersSent) {
			socket.destroy();
		} else {
			// The client waits for the helpdesk.
			socket.setTimeout(silence);
		}
	});
	server.maxConnections = maxConnections;
	server.on("drop", () => {
		// Connections that only wait make room for visitors. Requests under way go on.
		server.closeIdleConnections();
		onFull();
	});
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(port, LOOPBACK, resolve);
	});
	return { server, port: (server.address() as AddressInfo).port };
}

/** The answers to requests that Node cannot read. */
const STATUS_OF: ReadonlyMap<string, number> = new Map([
	["HPE_HEADER_OVERFLOW", 431],
	["HPE_CHUNK_EXTENSIONS_OVERFLOW", 413],
	["ERR_HTTP_REQUEST_TIMEOUT", 408],
]);

function bareAnswer(status: number, headers: ListenOptions["headers"]): string {
	const own = { connection: "close", "content-length": "0" };
	const lines = Object.entries({ ...BARE_HEADERS, ...headers, ...own });
	const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
	return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head}\r\n`;
}

/** Ends a server and all its connections. */
export function closed(server: Server): Promise<void> {
	return new Promise((resolve) => {
		server.close(() => resolve());
		server.closeAllConnections();
	});
}
