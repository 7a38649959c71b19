import { isLoopback } from "../../contract/loopback.ts";
import { parseUrl } from "../../contract/parse-url.ts";
import { isRefusedPort } from "../../contract/refused-ports.ts";
import { CommandError } from "../command-error.ts";
import { masked } from "../masked.ts";

/**
 * Reads an origin as browsers write it: in lower case, an international name in Punycode, without the port of the scheme.
 *
 * @param place where it was given, such as `--base-url`.
 * @throws CommandError for a value that is not an origin with https, or with http on loopback.
 */
export function readOrigin(place: string, value: string): string {
	const url = parseUrl(value);
	const safe =
		url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname));
	const surplus = url && surplusOf(url);
	if (url === undefined || !safe || surplus !== undefined) {
		const remedy = safe && surplus !== undefined ? `: leave out the ${surplus}` : "";
		throw new CommandError(
			`${place} ${masked(value)} is not an origin such as https://help.example.com (plain http only on loopback, no path)${remedy}`,
		);
	}
	return url.origin;
}

/**
 * Reads the address that browsers find a brand at: an origin, as {@link readOrigin} reads it.
 *
 * @throws CommandError for a port that browsers refuse, too.
 */
export function readBrandUrl(place: string, value: string): string {
	const origin = readOrigin(place, value);
	const { port } = new URL(origin);
	if (isRefusedPort(Number(port))) {
		throw new CommandError(
			`${place} ${masked(value)} has the port ${port}, and browsers open no page there; give another port`,
		);
	}
	return origin;
}

/** The part of a URL that no origin has; undefined for an origin. Parts are not repeated: a password may be in them. */
function surplusOf(url: URL): string | undefined {
	if (url.username !== "" || url.password !== "") {
		return "user name and the password";
	}
	if (url.hostname.endsWith(".")) {
		return "dot at the end of the host, because browsers take it for another host";
	}
	if (url.pathname !== "/") {
		return "path";
	}
	// An empty query or fragment shows only here.
	return url.href === `${url.origin}/` ? undefined : "query or the fragment";
}
