import { setImmediate } from "node:timers/promises";
import type { buildConnector, Dispatcher } from "undici";
// The whole package takes three times as long to load, at each start of a helpdesk.
import Agent from "undici/lib/dispatcher/agent.js";
import type {
	HttpAnswer,
	HttpClient,
	HttpFailure,
	HttpFailureReason,
	HttpRequest,
} from "../contract/http.ts";

// A visitor spends a while on X's page. The connection stays open for their way back, for as long as X allows.
const KEEP_ALIVE_MS = 60_000;

const DNS_CODES = new Set(["ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "EAI_NODATA"]);

/** Calls over kept-alive connections, with undici. Close it before the process ends. */
export class UndiciHttp implements HttpClient {
	private readonly agent: Agent;

	/**
	 * @param origins the origin that the operator of the process put in the place of each declared host.
	 * @param connect how connections are made, where it differs from what undici does.
	 */
	constructor(
		private readonly origins: Readonly<Record<string, string>> = {},
		connect: buildConnector.BuildOptions = {},
	) {
		this.agent = new Agent({
			keepAliveTimeout: KEEP_ALIVE_MS,
			keepAliveMaxTimeout: 10 * KEEP_ALIVE_MS,
			// Each call has its own deadline instead.
			headersTimeout: 0,
			bodyTimeout: 0,
			connect,
		});
	}

	originOf(host: string): string {
		return this.origins[host] ?? `https://${host}`;
	}

	async send({
		method,
		url,
		headers,
		body,
		timeoutMs,
		maxBytes,
	}: HttpRequest): Promise<HttpAnswer | HttpFailure> {
		const address = addressOf(url);
		if (address === undefined) {
			return { kind: "failure", reason: "reset", detail: "ERR_INVALID_URL" };
		}
		const { origin, pathname, search } = address;
		const options = {
			origin,
			path: pathname + search,
			method,
			headers,
			...(body !== undefined && { body }),
		};
		const result = await new Promise<HttpAnswer | HttpFailure>((end) => {
			this.agent.dispatch(options, new Exchange(timeoutMs, maxBytes, end));
		});
		// undici frees the connection after the last chunk. Without this turn of the event loop a call that follows at once
		// would open another connection.
		await setImmediate();
		return result;
	}

	async close(): Promise<void> {
		await this.agent.close();
	}
}

/** One call. It does what undici's `request` does, without streams, which cost more than the call. */
class Exchange implements Dispatcher.DispatchHandler {
	private readonly deadline: NodeJS.Timeout;
	private controller: Dispatcher.DispatchController | undefined;
	private status = 0;
	private headers: Record<string, string | string[] | undefined> = {};
	private readonly chunks: Buffer[] = [];
	private size = 0;
	private failed = false;

	constructor(
		timeoutMs: number,
		private readonly maxBytes: number,
		private readonly end: (result: HttpAnswer | HttpFailure) => void,
	) {
		this.deadline = setTimeout(() => this.fail("timeout", "TimeoutError"), timeoutMs);
	}

	onRequestStart(controller: Dispatcher.DispatchController): void {
		this.controller = controller;
		if (this.failed) {
			// The connection alone took longer than the deadline of the call.
			controller.abort(new Error("too late"));
		}
	}

	onResponseStart(
		_: Dispatcher.DispatchController,
		status: number,
		headers: Record<string, string | string[] | undefined>,
	): void {
		this.status = status;
		this.headers = headers;
	}

	onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
		this.size += chunk.length;
		if (this.size > this.maxBytes) {
			this.fail("too-large", `more than ${this.maxBytes} bytes`);
			return;
		}
		this.chunks.push(chunk);
	}

	onResponseEnd(): void {
		clearTimeout(this.deadline);
		this.end({
			kind: "answer",
			status: this.status,
			headers: firstValues(this.headers),
			body: Buffer.concat(this.chunks).toString("utf8"),
		});
	}

	onResponseError(_: Dispatcher.DispatchController, error: Error): void {
		const { reason, detail } = reasonOf(error);
		this.fail(reason, detail);
	}

	/** Fails the call and ends its connection, so that the rest of the answer is not read. */
	private fail(reason: HttpFailureReason, detail: string): void {
		clearTimeout(this.deadline);
		this.end({ kind: "failure", reason, detail });
		if (!this.failed) {
			this.failed = true;
			this.controller?.abort(new Error(reason));
		}
	}
}

/** Parsed once: asking first whether it can be parsed would parse it twice. */
function addressOf(url: string): URL | undefined {
	try {
		return new URL(url);
	} catch {
		return undefined;
	}
}

/** undici gives the names in lower case. */
function firstValues(
	headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
	const values: Record<string, string> = {};
	for (const name of Object.keys(headers)) {
		const value = headers[name];
		values[name] = (Array.isArray(value) ? value[0] : value) ?? "";
	}
	return values;
}

function reasonOf(error: unknown): { reason: HttpFailureReason; detail: string } {
	const { name, code } = error as { readonly name?: string; readonly code?: string };
	const detail = code ?? name ?? "unknown";
	if (code?.endsWith("_TIMEOUT")) {
		return { reason: "timeout", detail };
	}
	if (code !== undefined && DNS_CODES.has(code)) {
		return { reason: "dns", detail };
	}
	if (code !== undefined && /CERT|TLS|SSL|SIGNATURE/.test(code)) {
		return { reason: "tls", detail };
	}
	return { reason: "reset", detail };
}
