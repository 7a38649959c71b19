export interface HttpRequest {
	readonly method: "GET" | "POST";
	/** Absolute. The manifest must declare its host under `capabilities.network`. */
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: string;
	/** The time from sending to the last byte of the answer, in milliseconds. */
	readonly timeoutMs: number;
	/** A longer body gives the failure `too-large`. */
	readonly maxBytes: number;
}

export interface HttpAnswer {
	readonly kind: "answer";
	readonly status: number;
	/** Values by lower-case name. A header that was sent several times has its first value. */
	readonly headers: Readonly<Record<string, string>>;
	/** Decoded as UTF-8. Broken sequences become U+FFFD. */
	readonly body: string;
}

/** Why there is no answer. `reset` stands for every broken or refused connection. */
export type HttpFailureReason = "dns" | "tls" | "timeout" | "reset" | "too-large";

export interface HttpFailure {
	readonly kind: "failure";
	readonly reason: HttpFailureReason;
	/** Details for the log. Reveals nothing about the request. */
	readonly detail: string;
}

/** Calls to other servers over kept-alive connections. */
export interface HttpClient {
	/**
	 * The origin of a declared host: `https://<host>`, unless the operator of the process put another one in its place (a
	 * test double, a proxy). An administrator cannot set it, because it could send their keys to a stranger. The loader
	 * gives it to the plugin as `URL.origin` writes it: a path can follow at once.
	 *
	 * @param host as in the manifest: `api.x.com`.
	 * @throws CapabilityError when the manifest does not declare the host.
	 */
	originOf(host: string): string;

	/**
	 * Sends once, without retries. A redirect is an answer like any other and is not followed.
	 *
	 * @throws CapabilityError when the host of the URL is not declared. A failed call does not throw.
	 */
	send(request: HttpRequest): Promise<HttpAnswer | HttpFailure>;
}
