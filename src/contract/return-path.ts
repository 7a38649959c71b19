import { parseUrl } from "./parse-url.ts";

/** In ASCII: as much as a cookie of a plugin holds in base64 beside a digest. 81 Chinese letters take nine bytes each. */
const MAX_LENGTH = 735;
/** Names between slashes, which have only one reading. Most paths are like this. */
const PLAIN = /^(?:\/|(?:\/[\w-]+)+)$/;

/**
 * The path (with query, without fragment) of this portal that an untrusted value leads to, or `/`. The value is parsed
 * like a browser would (WHATWG URL), so that `//evil`, `/\evil` and `/%09/evil` are judged by where they really lead.
 * Letters of all scripts are percent-encoded.
 *
 * Prevents open redirects (RFC 9700 section 4.11).
 */
export function returnPath(value: string | undefined, baseUrl: string): string {
	if (value === undefined || value.length > MAX_LENGTH || !value.startsWith("/")) {
		return "/";
	}
	if (PLAIN.test(value)) {
		return value;
	}
	const url = parseUrl(value, baseUrl);
	if (/\p{Cc}/u.test(value) || url?.origin !== new URL(baseUrl).origin) {
		return "/";
	}
	const path = url.pathname + url.search;
	// `/.//evil` resolves to the path `//evil`, which a redirect would read as a host.
	return !path.startsWith("//") && path.length <= MAX_LENGTH ? path : "/";
}
