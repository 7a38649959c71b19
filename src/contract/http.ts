export interface HttpRequest {
	readonly method: "GET" | "POST";
	/** Absolute; its host must be one the manifest declares under `capabilities.network`. */
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: string;
	/** From sending to the last byte of the answer, in milliseconds. */
	readonly timeoutMs: number;
	/** A longer body ends as the failure `too-large`. */
	readonly maxBytes: number;
}

export interface HttpAnswer {
	readonly kind: "answer";
	readonly status: number;
	/** Names in lower case; a header sent several times has its first value. */
	readonly headers: Readonly<Record<string, string>>;
	/** Decoded as UTF-8; broken sequences become U+FFFD. */
	readonly body: string;
}

/** Why there is no answer. `reset` is every broken or refused connection. */
export type HttpFailureReason = "dns" | "tls" | "timeout" | "reset" | "too-large";

export interface HttpFailure {
	readonly kind: "failure";
	readonly reason: HttpFailureReason;
	/** For the log; says nothing about the request. */
	readonly detail: string;
}

/** Calls to other servers over kept-alive connections. */
export interface HttpClient {
	/**
	 * Where a declared host really is: `https://<host>`, unless the operator of the process put another origin
	 * in its place (a test double, a proxy). Never set by an administrator, whose keys would go to a stranger.
	 *
	 * @param host as in the manifest, e.g. `api.x.com`.
	 * @throws CapabilityError when the manifest does not declare the host.
	 */
	originOf(host: string): string;

	/**
	 * Sends once: no retry, and a redirect is an answer like any other, never followed.
	 *
	 * @throws CapabilityError when the host of the URL is not declared. A failed call does not throw.
	 */
	send(request: HttpRequest): Promise<HttpAnswer | HttpFailure>;
}
