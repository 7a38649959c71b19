import { setImmediate } from "node:timers/promises";
import { Agent, request } from "undici";
import type {
	HttpAnswer,
	HttpClient,
	HttpFailure,
	HttpFailureReason,
	HttpRequest,
} from "../contract/http.ts";

// A visitor spends a while on X's page; the connection is kept for their way back as long as X allows.
const KEEP_ALIVE_MS = 60_000;

const DNS_CODES = new Set(["ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "EAI_NODATA"]);

/** Calls over kept-alive connections, with undici. Close it when the process ends. */
export class UndiciHttp implements HttpClient {
	private readonly agent = new Agent({
		keepAliveTimeout: KEEP_ALIVE_MS,
		keepAliveMaxTimeout: 10 * KEEP_ALIVE_MS,
	});

	/** @param origins for a declared host, the origin that the operator of the process put in its place. */
	constructor(private readonly origins: Readonly<Record<string, string>> = {}) {}

	originOf(host: string): string {
		return this.origins[host] ?? `https://${host}`;
	}

	async send(call: HttpRequest): Promise<HttpAnswer | HttpFailure> {
		const { method, url, headers, body, timeoutMs, maxBytes } = call;
		try {
			const answer = await request(url, {
				dispatcher: this.agent,
				method,
				headers,
				signal: AbortSignal.timeout(timeoutMs),
				...(body !== undefined && { body }),
			});
			const chunks: Buffer[] = [];
			let size = 0;
			for await (const chunk of answer.body as AsyncIterable<Buffer>) {
				size += chunk.length;
				if (size > maxBytes) {
					// Leaving the loop destroys the rest of the answer and its connection.
					return { kind: "failure", reason: "too-large", detail: `more than ${maxBytes} bytes` };
				}
				chunks.push(chunk);
			}
			// undici frees the connection after the last chunk; without this turn of the event loop the call
			// that follows at once would open another one.
			await setImmediate();
			return {
				kind: "answer",
				status: answer.statusCode,
				headers: firstValues(answer.headers),
				body: Buffer.concat(chunks).toString("utf8"),
			};
		} catch (error) {
			return { kind: "failure", ...reasonOf(error) };
		}
	}

	async close(): Promise<void> {
		await this.agent.close();
	}
}

function firstValues(
	headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
	const pairs = Object.entries(headers).map(
		([name, value]) => [name.toLowerCase(), [value].flat()[0] ?? ""] as const,
	);
	return Object.fromEntries(pairs);
}

function reasonOf(error: unknown): { reason: HttpFailureReason; detail: string } {
	const { name, code } = error as { readonly name?: string; readonly code?: string };
	const detail = code ?? name ?? "unknown";
	if (name === "TimeoutError" || name === "AbortError" || code?.endsWith("_TIMEOUT")) {
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
