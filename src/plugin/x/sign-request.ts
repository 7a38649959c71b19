import { createHmac } from "node:crypto";
import OAuth from "oauth-1.0a";
import type { Secret } from "../../contract/secret.ts";

export interface UnsignedRequest {
	readonly method: "GET" | "POST";
	/**
	 * The URL of the call, with its query. Scheme and host are signed too, in lower case and without a default port, as
	 * `URL.href` has them (RFC 5849 section 3.4.1.2).
	 */
	readonly url: string;
	/** Protocol parameters beyond the usual ones, such as `oauth_callback`; sent in the header. */
	readonly protocol?: Readonly<Record<string, string>>;
	/** Parameters of a form body. */
	readonly body?: Readonly<Record<string, string | readonly string[]>>;
}

export interface SigningKeys {
	readonly consumerKey: string;
	readonly consumerSecret: Secret;
	readonly token?: string;
	readonly tokenSecret?: Secret;
}

export interface Moment {
	readonly nonce: string;
	readonly timestampSeconds: number;
}

// RFC 3986's unreserved characters, which are not encoded.
const UNRESERVED = /^[\w.~-]*$/;
/** The characters that `encodeURIComponent` leaves as they are, although RFC 3986 reserves them. */
const ENCODED: Readonly<Record<string, string>> = {
	"!": "%21",
	"'": "%27",
	"(": "%28",
	")": "%29",
	"*": "%2A",
};

/** The package with a given nonce and time, because its own nonce comes from Math.random. */
class Signer extends OAuth {
	constructor(
		{ consumerKey, consumerSecret }: SigningKeys,
		private readonly moment: Moment,
	) {
		super({
			consumer: { key: consumerKey, secret: consumerSecret.reveal() },
			signature_method: "HMAC-SHA1",
			hash_function: (base, key) => createHmac("sha1", key).update(base).digest("base64"),
		});
	}

	override getNonce(): string {
		return this.moment.nonce;
	}

	override getTimeStamp(): number {
		return this.moment.timestampSeconds;
	}

	/** Does in one replacement what the package does in five. A signature needs about forty calls. */
	override percentEncode(text: string): string {
		return UNRESERVED.test(text)
			? text
			: encodeURIComponent(text).replace(/[!'()*]/g, (each) => ENCODED[each] ?? "");
	}
}

/**
 * The `Authorization` header of a request, signed with HMAC-SHA1 (RFC 5849 section 3.4.2).
 *
 * `oauth-1.0a` always sends `oauth_version` and cannot repeat a name across query and body; X needs neither.
 */
export function signRequest(request: UnsignedRequest, keys: SigningKeys, moment: Moment): string {
	const signer = new Signer(keys, moment);
	const token =
		keys.token === undefined
			? undefined
			: { key: keys.token, secret: keys.tokenSecret?.reveal() ?? "" };
	const { method, url, protocol = {}, body = {} } = request;
	const signed = signer.authorize({ method, url, data: { ...body, ...protocol } }, token);
	// The package mixes the body into what it returns; an `oauth_` name of the body must not be sent twice.
	for (const name of Object.keys(body)) {
		Reflect.deleteProperty(signed, name);
	}
	return signer.toHeader(signed).Authorization;
}
