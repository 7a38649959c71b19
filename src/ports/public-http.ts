import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import type { HttpAnswer, HttpFailure, HttpRequest } from "../contract/http.ts";
import { parseUrl } from "../contract/parse-url.ts";
import { isGlobalAddress } from "./global-address.ts";
import { UndiciHttp } from "./undici-http.ts";

const TIMEOUT_MS = 3000;
const MAX_BYTES = 16 * 1024;

/** The code of the error that ends a call whose host has no address of the internet. */
const PRIVATE = "PRIVATE_ADDRESS";

/** A call that is not made, and why. `private-address`: the host is, or has only, addresses outside the internet. */
export interface Refusal {
	readonly kind: "refused";
	readonly reason: "invalid-url" | "credentials" | "https-needed" | "private-address";
}

export type PublicHttpRequest = Omit<HttpRequest, "timeoutMs" | "maxBytes">;

interface PublicHttpParts {
	/**
	 * The hosts that may have any address and may be called without TLS, as `URL.hostname` writes them. The host in the URL
	 * counts: a name that leads to a listed address is not listed.
	 */
	readonly allowPrivate: readonly string[];
	/** Gives all addresses of a host name. Left out: as the system does it. */
	readonly resolve?: (host: string) => Promise<readonly LookupAddress[]>;
	/** Whether an address may be called. Left out: {@link isGlobalAddress}. */
	readonly isGlobal?: (address: string) => boolean;
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
	private readonly resolve: NonNullable<PublicHttpParts["resolve"]>;
	private readonly isGlobal: NonNullable<PublicHttpParts["isGlobal"]>;
	private readonly timeoutMs: number;

	constructor(parts: PublicHttpParts) {
		this.allowPrivate = new Set(parts.allowPrivate);
		this.resolve = parts.resolve ?? ((host) => lookup(host, { all: true }));
		this.isGlobal = parts.isGlobal ?? isGlobalAddress;
		this.timeoutMs = parts.timeoutMs ?? TIMEOUT_MS;
		this.http = new UndiciHttp({}, { lookup: this.lookup, timeout: this.timeoutMs });
	}

	/** Sends once, without retries. A failed call does not throw. */
	async send(request: PublicHttpRequest): Promise<HttpAnswer | HttpFailure | Refusal> {
		const reason = urlRefusal(request.url, this.allowPrivate, this.isGlobal);
		if (reason !== undefined) {
			return { kind: "refused", reason };
		}
		const result = await this.http.send({
			...request,
			headers: withoutHost(request.headers),
			timeoutMs: this.timeoutMs,
			maxBytes: MAX_BYTES,
		});
		return result.kind === "failure" && result.detail === PRIVATE
			? { kind: "refused", reason: "private-address" }
			: result;
	}

	async close(): Promise<void> {
		await this.http.close();
	}

	/**
	 * The one look-up of a connection, which connects to one of these addresses: a name that leads elsewhere the next time
	 * (DNS rebinding) gains nothing.
	 */
	private readonly lookup: LookupFunction = (host, { all }, answer) => {
		this.addressesOf(host).then(
			(addresses) => {
				const [first] = addresses;
				if (all === true || first === undefined) {
					answer(null, [...addresses]);
				} else {
					answer(null, first.address, first.family);
				}
			},
			(error: NodeJS.ErrnoException) => answer(error, []),
		);
	};

	/**
	 * A host with addresses of both kinds is called at those of the internet. Refusing it would protect nothing more,
	 * because no other address is called, and would lock out hosts that resolvers give a NAT64 address beside their own.
	 */
	private async addressesOf(host: string): Promise<readonly LookupAddress[]> {
		const addresses = await this.resolve(host);
		if (this.allowPrivate.has(host)) {
			return addresses;
		}
		const global = addresses.filter(({ address }) => this.isGlobal(address));
		if (global.length === 0) {
			throw Object.assign(new Error("the host has no address of the internet"), { code: PRIVATE });
		}
		return global;
	}
}

/**
 * Why a URL is not called, as far as the URL alone shows: of a host name, only a look-up shows where it leads. Sockets look no
 * address up for a host that is one, so that is judged here.
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
	const address = hostname.replace(/^\[|\]$/g, "");
	return isAllowed || isIP(address) === 0 || isGlobal(address) ? undefined : "private-address";
}

/** undici would take the name that a certificate must have from this header. */
function withoutHost(headers: HttpRequest["headers"]): HttpRequest["headers"] {
	return Object.fromEntries(
		Object.entries(headers).filter(([name]) => name.toLowerCase() !== "host"),
	);
}
