import { isOriginOf } from "./request-host.ts";

/** Reads a header of a request. The name is in lower case. */
export type ReadHeader = (name: string) => string | undefined;

/**
 * What the browser says about the page that a form is from. `foreign`: the page is of another site. `address`: it is at an
 * address that is not the brand's. `unknown`: the browser does not say, as on pages with the referrer policy no-referrer,
 * whose forms have the origin "null". A form needs a CSRF proof in any case.
 */
export type FormOrigin = "own" | "foreign" | "address" | "unknown";

export function formOrigin(header: ReadHeader, baseUrl: string): FormOrigin {
	const site = header("sec-fetch-site");
	if (site === "cross-site" || site === "same-site") {
		return "foreign";
	}
	const origin = header("origin");
	if (origin === undefined || origin === "null") {
		return "unknown";
	}
	return isOriginOf(baseUrl, origin) ? "own" : "address";
}
