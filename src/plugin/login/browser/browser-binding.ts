import type { PluginCookie } from "../../../contract/login-response.ts";
import type { Random } from "../../../contract/random.ts";
import { type Secret, secret } from "../../../contract/secret.ts";
import { digest } from "../../digest.ts";

const COOKIE = "browser";
const BYTES = 32;
const VALUE = /^[A-Za-z0-9_-]{43}$/;

/**
 * The random 256-bit value that ties a pending log-in to a browser, under either protocol. OAuth 1.0a has no `state`, and
 * X does not insist on the request-token secret, so only this value keeps a stranger's callback out (RFC 5849 section
 * 4.13). Under OAuth 2.0 it binds the `state` (RFC 6749 section 10.12).
 */
export function browserBinding(cookies: Readonly<Record<string, string>>): Secret | undefined {
	const value = cookies[COOKIE];
	return value !== undefined && VALUE.test(value) ? secret(value) : undefined;
}

export function newBrowserBinding(random: Random): Secret {
	return secret(Buffer.from(random.bytes(BYTES)).toString("base64url"));
}

export function bindingCookie(binding: Secret, maxAgeSeconds: number): PluginCookie {
	return { name: COOKIE, value: binding.reveal(), maxAgeSeconds };
}

/**
 * Deletes the cookie once somebody is logged in, so that a value that was planted or read before is worth nothing after.
 */
export const NO_BINDING: PluginCookie = { name: COOKIE, value: "", maxAgeSeconds: 0 };

/** The key of a pending log-in. Only a browser that has both the cookie and the token can name it. */
export function bindingHash(binding: Secret, token: string): string {
	return digest(binding.reveal() + token);
}
