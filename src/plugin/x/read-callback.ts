import type { FormField } from "../../contract/login-request.ts";
import { secret } from "../../contract/secret.ts";
import type { Callback, Protocol } from "../login/provider/identity-provider.ts";

// X's tokens are opaque, and have about 27 and 32 characters; its codes about 90. Any printable text of a sane length passes.
const TOKEN = /^[\x21-\x7e]{1,256}$/;
const CODE = /^[\x21-\x7e]{1,1024}$/;

const PARAMETERS = ["oauth_token", "oauth_verifier", "denied", "state", "code", "error"] as const;

/**
 * Reads what a browser brought back. A parameter counts only if it occurs exactly once, so that two readers of one query
 * cannot see different values, and only beside those of its own protocol. Other parameters are ignored.
 *
 * Under OAuth 1.0a X sends `denied=<request token>` alone after Cancel, else `oauth_token` and `oauth_verifier` (RFC 5849
 * section 2.2). Under OAuth 2.0 it sends `state` with `code`, or with `error` (RFC 6749 section 4.1.2).
 */
export function readCallback(query: readonly FormField[]): Callback {
	const found = PARAMETERS.filter((name) => query.some(([field]) => field === name));
	const value = (name: (typeof PARAMETERS)[number], shape = TOKEN): string => {
		const values = query.filter(([field]) => field === name).map(([, text]) => text);
		const [text = ""] = values;
		return values.length === 1 && shape.test(text) ? text : "";
	};
	const state = value("state");
	switch (found.join(" ")) {
		case "denied":
			return ended("denied", "oauth1", value("denied"));
		case "oauth_token oauth_verifier":
			return approved("oauth1", value("oauth_token"), value("oauth_verifier"));
		case "state code":
			return approved("oauth2", state, value("code", CODE));
		case "state error":
			return failed(value("error"), state);
		default:
			return MALFORMED;
	}
}

const MALFORMED: Callback = { kind: "malformed" };

function failed(error: string, state: string): Callback {
	return error === ""
		? MALFORMED
		: ended(error === "access_denied" ? "denied" : "failed", "oauth2", state);
}

function ended(kind: "denied" | "failed", protocol: Protocol, token: string): Callback {
	return token === "" ? MALFORMED : { kind, protocol, token };
}

function approved(protocol: Protocol, token: string, proof: string): Callback {
	return token === "" || proof === ""
		? MALFORMED
		: { kind: "approved", protocol, token, proof: secret(proof) };
}
