import type { FakeXApp } from "./fake-x-options.ts";
import type { Parameter } from "./oauth1-signature.ts";

/** X's documented limit for `state` (authorization-code.mdx). */
const MAX_STATE = 500;

/** A request of an app by the OAuth 2.0 authorization code flow with PKCE, method S256. */
export interface Authorization {
	readonly app: FakeXApp;
	readonly redirectUri: string;
	/** Scopes with a space between them. */
	readonly scope: string;
	readonly state: string;
	/** The base64url form of the verifier's SHA-256 (RFC 7636, section 4.2). */
	readonly challenge: string;
}

export function appWithClientId(
	apps: readonly FakeXApp[],
	clientId: string | undefined,
): FakeXApp | undefined {
	return clientId === undefined ? undefined : apps.find((app) => app.clientId === clientId);
}

/**
 * Reads the parameters of GET /i/oauth2/authorize. Undefined if X shows its own error page, which has no way back to the
 * app.
 *
 * Known: X compares the whole address of the callback, and its metadata allows the method S256 alone. Assumptions: X's
 * documentation still allows `plain`, and the metadata counts here; a client that writes `s256` gets through, because
 * twitter-api-v2 writes it and is in use.
 */
export function authorizationIn(
	apps: readonly FakeXApp[],
	parameters: readonly Parameter[],
): Authorization | undefined {
	const values = new Map(parameters);
	const app = appWithClientId(apps, values.get("client_id"));
	const redirectUri = values.get("redirect_uri") ?? "";
	const state = values.get("state") ?? "";
	const challenge = values.get("code_challenge") ?? "";
	const scope = values.get("scope") ?? "";
	if (app === undefined || app.state === "suspended" || !app.callbacks.includes(redirectUri)) {
		return undefined;
	}
	const right =
		values.get("response_type") === "code" &&
		state !== "" &&
		state.length <= MAX_STATE &&
		challenge !== "" &&
		values.get("code_challenge_method")?.toUpperCase() === "S256" &&
		scope !== "" &&
		(app.emailAllowed !== false || !scope.split(" ").includes("users.email"));
	return right ? { app, redirectUri, scope, state, challenge } : undefined;
}
