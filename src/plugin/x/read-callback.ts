import type { FormField } from "../../contract/login-request.ts";
import { secret } from "../../contract/secret.ts";
import type { Callback } from "../login/provider/identity-provider.ts";

// X's tokens are opaque, and have about 27 and 32 characters. Any printable text of a sane length passes.
const TOKEN = /^[\x21-\x7e]{1,256}$/;

/**
 * Reads what a browser brought back. A parameter counts only if it occurs exactly once, so that two readers of one query
 * cannot see different values. Other parameters are ignored.
 *
 * X sends `denied=<request token>` alone after Cancel, else `oauth_token` and `oauth_verifier` (RFC 5849
 * section 2.2).
 */
export function readCallback(query: readonly FormField[]): Callback {
	const tokens = valuesOf(query, "oauth_token");
	const verifiers = valuesOf(query, "oauth_verifier");
	const denied = valuesOf(query, "denied");
	if (denied.length > 0) {
		const [token] = denied;
		const alone = denied.length === 1 && tokens.length === 0 && verifiers.length === 0;
		return alone && isToken(token) ? { kind: "denied", token } : { kind: "malformed" };
	}
	const [token] = tokens;
	const [verifier] = verifiers;
	if (tokens.length === 1 && verifiers.length === 1 && isToken(token) && isToken(verifier)) {
		return { kind: "approved", token, verifier: secret(verifier) };
	}
	return { kind: "malformed" };
}

function valuesOf(query: readonly FormField[], name: string): string[] {
	return query.filter(([field]) => field === name).map(([, value]) => value);
}

function isToken(value: string | undefined): value is string {
	return value !== undefined && TOKEN.test(value);
}
