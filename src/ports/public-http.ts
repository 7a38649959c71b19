import type { HttpAnswer, HttpFailure, HttpRequest } from "../contract/http.ts";
import { parseUrl } from "../contract/parse-url.ts";
import { isGlobalAddress } from "./global-address.ts";
import { isPrivateAddress, PRIVATE_ADDRESS, publicLookup, type Reach } from "./public-lookup.ts";
import { UndiciHttp } from "./undici-http.ts";

const TIMEOUT_MS = 3000;
const MAX_BYTES = 16 * 1024;

/** A call that is not made, and why. `private-address`: the host is, or has only, addresses outside the internet. */
export interface Refusal {
	readonly kind: "refused";
	readonly reason: "invalid-url" | "credentials" | "https-needed" | "private-address";
}

export type PublicHttpRequest = Omit<HttpRequest, "timeoutMs" | "maxBytes">;

interface PublicHttpParts extends Reach {
	/** The time limit of a call. Left out: three seconds. */
	readonly timeoutMs?: number;
}

/**
 * Calls to addresses that an administrator typed in, such as a connected helpdesk's. They reach the internet and nothing
 * else: not this machine, not the network that it is in. A call takes at most three seconds with everything (finding the
 * address, connecting, the answer) and an answer has at most 16 KB. Redirects are answers. Close it before the process ends.
 */
export class PublicHttp {
	private readonly http: UndiciHttp;
	private readonly allowPrivate: ReadonlySet<string>;
	private readonly isGlobal: NonNullable<Reach["isGlobal"]>;
	private readonly timeoutMs: number;

	constructor(parts: PublicHttpParts) {
		this.allowPrivate = new Set(parts.allowPrivate);
		this.isGlobal = parts.isGlobal ?? isGlobalAddress;
		this.timeoutMs = parts.timeoutMs ?? TIMEOUT_MS;
		this.http = new UndiciHttp({}, { lookup: publicLookup(parts), timeout: this.timeoutMs });
	}

	/** Why a URL is not called, see {@link urlRefusal}. */
	refusalOf(url: string): Refusal["reason"] | undefined {
		return urlRefusal(url, this.allowPrivate, this.isGlobal);
	}

	/** Sends once, without retries. A failed call does not throw. */
	async send(request: PublicHttpRequest): Promise<HttpAnswer | HttpFailure | Refusal> {
		const reason = this.refusalOf(request.url);
		if (reason !== undefined) {
			return { kind: "refused", reason };
		}
		const result = await this.http.send({
			...request,
			headers: withoutHost(request.headers),
			timeoutMs: this.timeoutMs,
			maxBytes: MAX_BYTES,
		});
		return result.kind === "failure" && result.detail === PRIVATE_ADDRESS
			? { kind: "refused", reason: "private-address" }
			: result;
	}

	async close(): Promise<void> {
		await this.http.close();
	}
}

/**
 * Why a URL is not called, as far as the URL alone shows: of a host name, only a look-up shows where it leads.
 */
export function urlRefusal(
	text: string,
	allowPrivate: ReadonlySet<string>,
	isGlobal = isGlobalAddress,
): Refusal["reason"] | undefined {
	const url = parseUrl(text);
	if (url === undefined) {
		return "invalid-url";
	}
	const { protocol, username, password, hostname } = url;
	const isAllowed = allowPrivate.has(hostname);
	if (protocol !== "https:" && !(protocol === "http:" && isAllowed)) {
		return "https-needed";
	}
	if (username !== "" || password !== "") {
		return "credentials";
	}
	return isAllowed || !isPrivateAddress(hostname, isGlobal) ? undefined : "private-address";
}

/** undici would take the name that a certificate must have from this header. */
function withoutHost(headers: HttpRequest["headers"]): HttpRequest["headers"] {
	return Object.fromEntries(
		Object.entries(headers).filter(([name]) => name.toLowerCase() !== "host"),
	);
}
