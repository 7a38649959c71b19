import { parseUrl } from "../contract/parse-url.ts";

/** A host as browsers and proxies send it: a name in ASCII, an IPv4 address or an IPv6 address in brackets, then a port. */
const PLAIN_HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{0,5})?$/i;

/**
 * Whether a host is the host of a base URL. Hosts are compared as URLs are: letter case does not count, and the port of the
 * scheme may be left out. A name with a dot at its end is another host, because browsers keep separate cookies for it.
 *
 * @param baseUrl an absolute URL. Its path does not count.
 * @param host the value of a `Host` or `X-Forwarded-Host` header. Undefined: the request has none. A value that is not one
 * plain host, such as a list or one with a user name, is the host of no URL.
 */
export function isHostOf(baseUrl: string, host: string | undefined): boolean {
	if (host === undefined || !PLAIN_HOST.test(host)) {
		return false;
	}
	const base = new URL(baseUrl);
	return parseUrl(`${base.protocol}//${host}`)?.host === base.host;
}

/**
 * Whether every host in an `X-Forwarded-Host` header of a trusted proxy is the host of a base URL. A row of proxies may write
 * one value each. A value from outside can only add a foreign host.
 *
 * @param forwarded undefined: the request has no such header.
 */
export function isForwardedHostOf(baseUrl: string, forwarded: string | undefined): boolean {
	return forwarded?.split(",").every((each) => isHostOf(baseUrl, each.trim())) ?? false;
}

/**
 * Whether an `Origin` header names the origin of a base URL. Origins are compared as URLs are.
 *
 * @param origin for example `https://help.example.com`. The value `null` is the origin of no URL.
 */
export function isOriginOf(baseUrl: string, origin: string): boolean {
	const { protocol } = new URL(baseUrl);
	return (
		origin.slice(0, protocol.length).toLowerCase() === protocol &&
		origin.startsWith("//", protocol.length) &&
		isHostOf(baseUrl, origin.slice(protocol.length + 2))
	);
}
