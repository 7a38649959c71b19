import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { HttpAnswer } from "../../contract/http.ts";
import type { ProviderCalls } from "../login/provider/provider-calls.ts";
import { isForeignPage, problemOf, RETRIED, type XCall, XError, type XProblem } from "./x-error.ts";

const API_HOST = "api.x.com";
const API_ORIGIN = `https://${API_HOST}`;
/** The pages of OAuth 2.0 are on X's site, and its calls on another host (authorization-code.mdx). */
const SITE_ORIGIN = "https://x.com";
const TIMEOUT_MS = 5_000;
const MAX_BYTES = 64 * 1024;

export const FORM = { "content-type": "application/x-www-form-urlencoded;charset=UTF-8" };

interface XRequest {
	readonly method: "GET" | "POST";
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: string;
}

/** Sends calls to X under either protocol, and turns every answer but a success into an {@link XError}. */
export class XCalls {
	/** The milliseconds by which this machine's clock is behind X's last answer; undefined before the first one. */
	skewMs: number | undefined;

	constructor(private readonly host: HelpdeskHost) {}

	url(path: string): string {
		return this.host.http.originOf(API_HOST) + path;
	}

	/** The URL of a page of OAuth 2.0. An operator's other X has its pages and its calls at one address. */
	pageUrl(path: string): string {
		const origin = this.host.http.originOf(API_HOST);
		return (origin === API_ORIGIN ? SITE_ORIGIN : origin) + path;
	}

	/**
	 * Makes a call that changes nothing at X, and makes it once more if it failed in a way that may pass and there is time.
	 */
	async twice<Result>(
		calls: ProviderCalls,
		call: () => Promise<Result>,
		mayPass: ReadonlySet<XProblem> = RETRIED,
	): Promise<Result> {
		try {
			return await call();
		} catch (error) {
			const isRepeated = error instanceof XError && mayPass.has(error.problem);
			if (!isRepeated || this.host.clock.now() >= calls.deadline) {
				throw error;
			}
			return call();
		}
	}

	/** Sends once. */
	async send(call: XCall, request: () => XRequest, calls: ProviderCalls): Promise<HttpAnswer> {
		const now = this.host.clock.now();
		if (now >= calls.deadline) {
			throw new XError("timeout", { call, detail: "no time was left" });
		}
		const { method, url, headers, body } = request();
		const result = await calls.time(() =>
			this.host.http.send({
				method,
				url,
				// X sends errors as XML unless asked for JSON.
				headers: { accept: "application/json", ...headers },
				...(body === undefined ? {} : { body }),
				timeoutMs: Math.min(TIMEOUT_MS, calls.deadline - now),
				maxBytes: MAX_BYTES,
			}),
		);
		if (result.kind === "failure") {
			throw new XError(result.reason, { call });
		}
		const theirs = Date.parse(result.headers["date"] ?? "");
		this.skewMs = Number.isFinite(theirs) ? theirs - this.host.clock.now() : undefined;
		if (result.status !== 200 || isForeignPage(result.body)) {
			const challenge = result.headers["www-authenticate"];
			const { problem, xCode } = problemOf(call, result.status, result.body, challenge);
			throw new XError(problem, { call, status: result.status, xCode });
		}
		return result;
	}
}

export function unreadable(call: XCall, detail: string): XError {
	return new XError("unreadable", { call, detail, status: 200 });
}
