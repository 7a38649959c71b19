import { isLoopback } from "../../contract/loopback.ts";
import { parseUrl } from "../../contract/parse-url.ts";
import { isRefusedPort } from "../../contract/refused-ports.ts";

/** A part of a URL that no origin has. `final-dot`: at the end of the host, where browsers take it for another host. */
export type Surplus = "credentials" | "final-dot" | "path" | "query";

/** What a person typed as the address of a site. */
type TypedOrigin =
	| {
			readonly kind: "origin";
			readonly origin: string;
			/** A port that browsers refuse to open pages at; undefined for another. */
			readonly refusedPort: string | undefined;
	  }
	| {
			readonly kind: "none";
			/** What to leave out to make it an origin; undefined: that does not help. */
			readonly surplus: Surplus | undefined;
	  };

/** Reads an origin as browsers write it: in lower case, an international name in Punycode, without the port of the scheme. */
export function typedOrigin(value: string): TypedOrigin {
	const url = parseUrl(value);
	const safe =
		url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname));
	const surplus = url && surplusOf(url);
	if (url === undefined || !safe || surplus !== undefined) {
		return { kind: "none", surplus: safe ? surplus : undefined };
	}
	const { origin, port } = url;
	return { kind: "origin", origin, refusedPort: isRefusedPort(Number(port)) ? port : undefined };
}

/** Parts are not repeated: a password may be in them. @returns undefined for an origin. */
function surplusOf(url: URL): Surplus | undefined {
	if (url.username !== "" || url.password !== "") {
		return "credentials";
	}
	if (url.hostname.endsWith(".")) {
		return "final-dot";
	}
	if (url.pathname !== "/") {
		return "path";
	}
	// An empty query or fragment shows only here.
	return url.href === `${url.origin}/` ? undefined : "query";
}
