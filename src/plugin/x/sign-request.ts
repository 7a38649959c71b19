import { createHmac } from "node:crypto";
import OAuth from "oauth-1.0a";
import type { Secret } from "../../contract/secret.ts";

export interface UnsignedRequest {
	readonly method: "GET" | "POST";
	/** With its query. Scheme and host as they will be called: both are signed (RFC 5849 section 3.4.1.2). */
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

/**
 * The `Authorization` header of a request, signed with HMAC-SHA1 (RFC 5849 section 3.4.2).
 *
 * `oauth-1.0a` always sends `oauth_version` and cannot repeat a name across query and body; X needs neither.
 */
export function signRequest(request: UnsignedRequest, keys: SigningKeys, moment: Moment): string {
	const signer = new OAuth({
		consumer: { key: keys.consumerKey, secret: keys.consumerSecret.reveal() },
		signature_method: "HMAC-SHA1",
		hash_function: (base, key) => createHmac("sha1", key).update(base).digest("base64"),
	});
	// The package's own nonce comes from Math.random.
	signer.getNonce = () => moment.nonce;
	signer.getTimeStamp = () => moment.timestampSeconds;
	const token =
		keys.token === undefined
			? undefined
			: { key: keys.token, secret: keys.tokenSecret?.reveal() ?? "" };
	const { method, protocol = {}, body = {} } = request;
	const url = normalized(request.url);
	const signed = signer.authorize({ method, url, data: { ...body, ...protocol } }, token);
	// The package mixes the body into what it returns; an `oauth_` name of the body must not be sent twice.
	const header = Object.entries(signed).filter(([name]) => !(name in body));
	return signer.toHeader(Object.fromEntries(header) as OAuth.Authorization).Authorization;
}

// The package takes scheme and host as written; RFC 5849 wants them in lower case and without a default port.
function normalized(url: string): string {
	return new URL(url).href;
}
