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
