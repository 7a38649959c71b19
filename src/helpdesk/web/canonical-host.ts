import type { IncomingMessage } from "node:http";
import type { BlockList } from "node:net";
import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context, MiddlewareHandler } from "hono";
import type { Brand } from "../../contract/brands.ts";
import { isForwardedHostOf, isHostOf } from "../../routes/request-host.ts";
import { callbackPath } from "../brands/brand-addresses.ts";
import { isTrustedProxy } from "../people/client-address.ts";

/** Marks an address, in its query, that a visitor was redirected to. No second redirect follows. */
const MARK = "redirected";

/** The name under which a request keeps its {@link ForeignHost}. */
const FOREIGN_HOST = "foreignHost";

/** The most characters of a host that are repeated on a page or in the log. */
const MOST_CHARACTERS = 100;

/** A host that is not the brand's. Its page was answered all the same. */
export interface ForeignHost {
	/** The host that the request names. It has only letters, digits and the signs of a host, and may be cut off. */
	readonly host: string;
	/** The address that the page should have. */
	readonly baseUrl: string;
	/**
	 * Why `X-Forwarded-Host` does not help: there is none, the peer is not a trusted proxy, or it names another host as
	 * well.
	 */
	readonly forwardedHost: "missing" | "not-trusted" | "foreign";
}

export interface CanonicalHostParts {
	readonly brand: Pick<Brand, "baseUrl">;
	/** The address that the brand listens on. It counts as the brand's own. Undefined: it has no port of its own. */
	readonly listening: string | undefined;
	readonly trustedProxies: BlockList;
	/** Called when a page is still asked for at a foreign host after a redirect to the brand's own. */
	readonly warn: (host: ForeignHost) => void;
}

/**
 * Redirects visitors from foreign hosts to the brand's own, because cookies and forms belong to a host. If the request after
 * the redirect names a foreign host again, something in front of the helpdesk changes the name: the page is answered, and
 * says so. The redirect is built from the brand's base URL, and never from a header.
 */
export function toCanonicalHost(parts: CanonicalHostParts): MiddlewareHandler {
	const { brand, warn } = parts;
	return async (c, next) => {
		const { host, "x-forwarded-host": forwarded } = c.req.header();
		const peer = getConnInfo(c).remote.address;
		const foreign = foreignHost({ host, forwarded, peer }, parts);
		if (foreign === undefined) {
			return next();
		}
		const isRead = c.req.method === "GET" || c.req.method === "HEAD";
		// A callback carries a secret, which belongs into no other address.
		if (isRead && !isCallback(c.req.path)) {
			const { pathname, search, searchParams } = new URL(c.req.url);
			if (!searchParams.has(MARK)) {
				c.header("cache-control", "no-store");
				return c.redirect(markedAddress(brand, pathname, search), 302);
			}
			warn(foreign);
		}
		c.set(FOREIGN_HOST, foreign);
		return next();
	};
}

/**
 * The brand's own address for a request that no page answers, to redirect it there once.
 *
 * @returns undefined when the request names the brand's own host, or was redirected.
 */
export function ownAddress(
	{ url = "", headers, socket }: IncomingMessage,
	parts: Omit<CanonicalHostParts, "warn">,
): string | undefined {
	const { brand } = parts;
	const { pathname, search, searchParams } = new URL(url, brand.baseUrl);
	const { host, "x-forwarded-host": forwarded } = headers;
	const request = { host, forwarded: forwarded?.toString(), peer: socket.remoteAddress };
	return searchParams.has(MARK) || foreignHost(request, parts) === undefined
		? undefined
		: markedAddress(brand, pathname, search);
}

function markedAddress(
	{ baseUrl }: CanonicalHostParts["brand"],
	pathname: string,
	search: string,
): string {
	return `${baseUrl}${pathname}${search}${search === "" ? "?" : "&"}${MARK}=1`;
}

/** The foreign host that a page is answered at; undefined at the brand's own host. */
export function foreignHostOf(c: Context): ForeignHost | undefined {
	return c.get(FOREIGN_HOST);
}

/** The address that was asked for, without the mark of a redirect, which must get into no link and no form. */
export function addressAskedFor(c: Context): URL {
	const url = new URL(c.req.url);
	if (url.searchParams.has(MARK)) {
		url.searchParams.delete(MARK);
	}
	return url;
}

/** @returns undefined when the request names the brand's own host. */
function foreignHost(
	{ host, forwarded, peer }: Record<"host" | "forwarded" | "peer", string | undefined>,
	{ brand, listening, trustedProxies }: Omit<CanonicalHostParts, "warn">,
): ForeignHost | undefined {
	if (isHostOf(brand.baseUrl, host) || (listening !== undefined && isHostOf(listening, host))) {
		return undefined;
	}
	const isTrusted = isTrustedProxy(peer ?? "", trustedProxies);
	if (isTrusted && isForwardedHostOf(brand.baseUrl, forwarded)) {
		return undefined;
	}
	return {
		baseUrl: brand.baseUrl,
		host: (host ?? "").slice(0, MOST_CHARACTERS).replace(/[^a-z0-9.:[\]_-]/gi, "?"),
		forwardedHost: forwarded === undefined ? "missing" : isTrusted ? "foreign" : "not-trusted",
	};
}

function isCallback(path: string): boolean {
	const [, , pluginId = ""] = path.split("/");
	return path === callbackPath(pluginId);
}
