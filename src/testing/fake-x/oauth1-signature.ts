import { createHmac } from "node:crypto";

/** A decoded name and value. A list can repeat a name. */
export type Parameter = readonly [name: string, value: string];

const UNRESERVED = /^[A-Za-z0-9\-._~]$/;

/** RFC 5849 section 3.6: UTF-8, the unreserved characters of RFC 3986 as they are, upper-case hex. */
export function percentEncode(text: string): string {
	let encoded = "";
	for (const byte of Buffer.from(text, "utf8")) {
		const character = String.fromCharCode(byte);
		encoded += UNRESERVED.test(character)
			? character
			: `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
	}
	return encoded;
}

/** Leaves a broken escape as it is, because a server must survive any input. */
export function percentDecode(text: string): string {
	return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (escapes) =>
		Buffer.from(escapes.replaceAll("%", ""), "hex").toString("utf8"),
	);
}

/** Reads a form body or a query. "+" is a space, and a bare name has an empty value. */
export function parseForm(raw: string): Parameter[] {
	return raw
		.split("&")
		.filter((pair) => pair !== "")
		.map((pair) => {
			const equals = pair.indexOf("=");
			const name = equals < 0 ? pair : pair.slice(0, equals);
			const value = equals < 0 ? "" : pair.slice(equals + 1);
			return [
				percentDecode(name.replaceAll("+", " ")),
				percentDecode(value.replaceAll("+", " ")),
			] as const;
		});
}

/** The parameters of an `Authorization: OAuth` header. Undefined if the header is malformed. */
export function parseAuthorizationHeader(header: string): Parameter[] | undefined {
	const scheme = /^\s*OAuth\s+/i.exec(header);
	if (scheme === null) {
		return undefined;
	}
	const rest = header.slice(scheme[0].length).trimEnd();
	const pair = /\s*([^\s=,"]+)="([^"]*)"\s*(?:,|$)/y;
	const parameters: Parameter[] = [];
	while (pair.lastIndex < rest.length) {
		const match = pair.exec(rest);
		if (match === null) {
			return undefined;
		}
		const [, name = "", value = ""] = match;
		// The realm is a quoted string of HTTP, not an OAuth parameter, so it is not percent-encoded.
		parameters.push(name === "realm" ? [name, value] : [percentDecode(name), percentDecode(value)]);
	}
	return parameters;
}

/** RFC 5849 section 3.4.1.2: lower-case scheme and host, no default port, no query. */
export function baseUri(url: string): string {
	const [, scheme = "", authority = "", path = ""] =
		/^([^:/?#]+):\/\/([^/?#]*)([^?#]*)/.exec(url) ?? [];
	const lowerScheme = scheme.toLowerCase();
	const defaultPort = lowerScheme === "https" ? /:443$/ : /:80$/;
	const host = authority.toLowerCase().replace(defaultPort, "");
	return `${lowerScheme}://${host}${path === "" ? "/" : path}`;
}

/** RFC 5849 section 3.4.1.3.2: encode first, then sort by name and by value. */
export function normalizeParameters(parameters: readonly Parameter[]): string {
	return parameters
		.map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
		.sort(([nameA, valueA], [nameB, valueB]) => order(nameA, nameB) || order(valueA, valueB))
		.map(([name, value]) => `${name}=${value}`)
		.join("&");
}

/**
 * RFC 5849 section 3.4.1.1. The parameters are those of query, form body and header together. This function leaves out
 * `realm` and `oauth_signature`.
 */
export function signatureBaseString(
	method: string,
	url: string,
	parameters: readonly Parameter[],
): string {
	const signed = parameters.filter(([name]) => name !== "realm" && name !== "oauth_signature");
	return [method.toUpperCase(), baseUri(url), normalizeParameters(signed)]
		.map(percentEncode)
		.join("&");
}

/** RFC 5849 section 3.4.2. The token secret is empty if there is no token yet. */
export function hmacSha1Signature(
	baseString: string,
	consumerSecret: string,
	tokenSecret: string,
): string {
	const key = `${percentEncode(consumerSecret)}&${percentEncode(tokenSecret)}`;
	return createHmac("sha1", key).update(baseString, "utf8").digest("base64");
}

function order(a: string, b: string): number {
	if (a === b) {
		return 0;
	}
	return a < b ? -1 : 1;
}
