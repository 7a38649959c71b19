import type { IncomingMessage } from "node:http";
import { parseUrl } from "../../contract/parse-url.ts";

/** Far more than browsers and proxies send. From 2,000 on, Node drops them without a word, `X-Forwarded-For` included. */
const MOST_HEADERS = 100;

/**
 * The status that a request is refused with before any page sees it: its host is unclear, so that a proxy and the helpdesk
 * could take it for requests to different sites (RFC 9112, section 3.2), or it has too many headers.
 *
 * @returns undefined for a request that is not refused.
 */
export function requestFault({
	rawHeaders,
	url = "",
}: Pick<IncomingMessage, "rawHeaders" | "url">): 400 | 431 | undefined {
	if (rawHeaders.length > 2 * MOST_HEADERS) {
		return 431;
	}
	const hosts = rawHeaders.filter(
		(_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === "host",
	);
	const [host = ""] = hosts;
	if (hosts.length !== 1 || host === "") {
		return 400;
	}
	return url.startsWith("/") || isAt(url, host) ? undefined : 400;
}

/** Whether a target in absolute form names the same host as the `Host` header. */
function isAt(target: string, host: string): boolean {
	const url = /^https?:\/\//i.test(target) ? parseUrl(target) : undefined;
	return url !== undefined && parseUrl(`${url.protocol}//${host}`)?.host === url.host;
}
