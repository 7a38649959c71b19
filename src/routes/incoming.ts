import { Readable } from "node:stream";
import type { ReadHeader } from "./form-origin.ts";

/** A request as every framework has it. */
export interface Incoming {
	readonly method: string;
	/** Path and query, as they were sent. */
	readonly target: string;
	readonly header: ReadHeader;
	/** Called once at most. */
	body(): AsyncIterable<Uint8Array>;
}

/** An answer as every framework sends it. */
export interface Outgoing {
	readonly status: number;
	/** Names are in lower case. */
	readonly headers: Readonly<Record<string, string>>;
	/** `Set-Cookie` values. */
	readonly cookies: readonly string[];
	readonly body: string;
	/** To run once, after the answer was sent. Never rejects. */
	readonly afterwards?: (() => Promise<void>) | undefined;
}

/** Reads a header from headers as Node has them. */
export function headerIn(
	headers: Readonly<Record<string, string | readonly string[] | undefined>>,
	name: string,
): string | undefined {
	const value = headers[name];
	return typeof value === "object" ? value.join(", ") : value;
}

/** A body that a framework has read already. @throws TypeError unless it is the text that was sent. */
export function bodyRead(body: unknown): AsyncIterable<Uint8Array> {
	if (typeof body === "string" || body instanceof Uint8Array) {
		return Readable.from([Buffer.from(body)]);
	}
	throw new TypeError(
		'the body of this request was read before the request came to the log-in routes, so that the order of its fields is lost; install the routes before express.urlencoded(), or let express.text({ type: "application/x-www-form-urlencoded" }) or a parser of that kind read such bodies',
	);
}
