import { randomUUID } from "node:crypto";
import {
	hmacSha1Signature,
	type Parameter,
	parseForm,
	percentEncode,
	signatureBaseString,
} from "../../../src/testing/fake-x/oauth1-signature.ts";

/** A call to X. A test can change every part that a client may get wrong. */
export interface SignedFetch {
	readonly method: "GET" | "POST";
	readonly url: string;
	readonly apiKey: string;
	readonly apiKeySecret: string;
	readonly token?: string;
	readonly tokenSecret?: string;
	readonly timestamp?: number;
	readonly nonce?: string;
	readonly signature?: string;
	readonly accept?: string;
	/** Additional parameters of the Authorization header, or other values for its usual ones. */
	readonly oauth?: Readonly<Record<string, string>>;
	readonly form?: string;
}

/** Sends a call to the fake X, signed with the arithmetic that the published vectors check. */
export function signedFetch(call: SignedFetch): Promise<Response> {
	const oauth: Record<string, string> = {
		oauth_consumer_key: call.apiKey,
		oauth_nonce: call.nonce ?? randomUUID(),
		oauth_signature_method: "HMAC-SHA1",
		oauth_timestamp: String(call.timestamp ?? Math.floor(Date.now() / 1000)),
		oauth_version: "1.0",
		...(call.token === undefined ? {} : { oauth_token: call.token }),
		...call.oauth,
	};
	const parameters: Parameter[] = [
		...Object.entries(oauth),
		...parseForm(new URL(call.url).search.slice(1)),
		...parseForm(call.form ?? ""),
	];
	const baseString = signatureBaseString(call.method, call.url, parameters);
	const signature =
		call.signature ?? hmacSha1Signature(baseString, call.apiKeySecret, call.tokenSecret ?? "");
	const header = Object.entries({ ...oauth, oauth_signature: signature })
		.map(([name, value]) => `${name}="${percentEncode(value)}"`)
		.join(", ");
	return fetch(call.url, {
		method: call.method,
		headers: {
			authorization: `OAuth ${header}`,
			accept: call.accept ?? "application/json",
			...(call.form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
		},
		...(call.form === undefined ? {} : { body: call.form }),
	});
}
