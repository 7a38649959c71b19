import { createHash, randomBytes } from "node:crypto";
import { type Answer, jsonAnswer } from "./answer.ts";
import type { FakeXAccount, FakeXApp } from "./fake-x-options.ts";
import type { Parameter } from "./oauth1-signature.ts";
import type { ReceivedRequest } from "./received-request.ts";

/** X's documented lifetime of an authorization code (authorization-code.mdx). */
const CODE_LIFETIME_MS = 30_000;
const ACCESS_TOKEN_SECONDS = 7200;
const MAX_STATE = 500;

/** A request of an app by the OAuth 2.0 authorization code flow with PKCE. */
export interface Authorization {
	readonly app: FakeXApp;
	readonly redirectUri: string;
	readonly scope: string;
	readonly state: string;
	readonly challenge: string;
	readonly method: "s256" | "plain";
}

interface IssuedCode extends Authorization {
	readonly account: FakeXAccount;
	readonly expiresAt: number;
}

export interface Bearer {
	readonly app: FakeXApp;
	readonly account: FakeXAccount;
	readonly scopes: readonly string[];
	readonly expiresAt: number;
}

/** The part of X's OAuth 2.0 that a log-in needs. */
export class OAuth2Calls {
	private readonly codes = new Map<string, IssuedCode>();
	private readonly bearers = new Map<string, Bearer>();

	constructor(
		private readonly apps: readonly FakeXApp[],
		private readonly clock: { now(): number },
	) {}

	/** Reads the parameters of GET /i/oauth2/authorize. Undefined if X shows its own error page. */
	authorizationIn(parameters: readonly Parameter[]): Authorization | undefined {
		const values = new Map(parameters);
		const app = this.appOf(values.get("client_id"));
		const redirectUri = values.get("redirect_uri") ?? "";
		const state = values.get("state") ?? "";
		const challenge = values.get("code_challenge") ?? "";
		// Some clients that work with X write S256, others s256.
		const method = (values.get("code_challenge_method") ?? "plain").toLowerCase();
		const scope = values.get("scope") ?? "";
		// X compares the whole address here, unlike the callback of OAuth 1.0a.
		if (!app?.callbacks.includes(redirectUri)) {
			return undefined;
		}
		const right =
			values.get("response_type") === "code" &&
			state !== "" &&
			state.length <= MAX_STATE &&
			challenge !== "" &&
			scope !== "" &&
			(method === "s256" || method === "plain") &&
			(app.emailAllowed !== false || !scope.split(" ").includes("users.email"));
		return right ? { app, redirectUri, scope, state, challenge, method } : undefined;
	}

	/** @returns the address that the browser goes to. */
	approve(authorization: Authorization, account: FakeXAccount): string {
		const code = opaque(64);
		const expiresAt = this.clock.now() + CODE_LIFETIME_MS;
		this.codes.set(code, { ...authorization, account, expiresAt });
		return withQuery(authorization.redirectUri, [
			["state", authorization.state],
			["code", code],
		]);
	}

	/** An error in the form of the standard. X probably uses this form; that is not certain. */
	deny({ redirectUri, state }: Authorization): string {
		return withQuery(redirectUri, [
			["error", "access_denied"],
			["state", state],
		]);
	}

	/** POST /2/oauth2/token */
	token(request: ReceivedRequest): Answer {
		const form = new Map(request.form.length > 0 ? request.form : fieldsOfJson(request.body));
		const client = this.clientOf(request, form);
		if (client === undefined) {
			return refusal(401, "unauthorized_client", "Missing valid authorization header");
		}
		if (form.get("grant_type") !== "authorization_code") {
			return refusal(400, "invalid_request", "Missing required parameter [grant_type].");
		}
		const verifier = form.get("code_verifier");
		if (verifier === undefined) {
			return refusal(400, "invalid_request", "Missing required parameter [code_verifier].");
		}
		const code = form.get("code") ?? "";
		const issued = this.codes.get(code);
		this.codes.delete(code);
		const invalid = "Value passed for the authorization code was invalid.";
		if (issued === undefined || issued.app !== client || this.clock.now() >= issued.expiresAt) {
			return refusal(400, "invalid_request", invalid);
		}
		if (issued.redirectUri !== form.get("redirect_uri")) {
			const message =
				"Value passed for the redirect uri did not match the uri of the authorization code.";
			return refusal(400, "invalid_request", message);
		}
		const hashed =
			issued.method === "s256"
				? createHash("sha256").update(verifier).digest("base64url")
				: verifier;
		if (hashed !== issued.challenge) {
			const message = "Value passed for the code verifier did not match the code challenge.";
			return refusal(400, "invalid_request", message);
		}
		const token = opaque(91);
		this.bearers.set(token, {
			app: client,
			account: issued.account,
			scopes: issued.scope.split(" "),
			expiresAt: this.clock.now() + ACCESS_TOKEN_SECONDS * 1000,
		});
		return jsonAnswer(200, {
			token_type: "bearer",
			expires_in: ACCESS_TOKEN_SECONDS,
			access_token: token,
			scope: issued.scope,
		});
	}

	/** Undefined for an unknown or expired token. */
	bearerOf(token: string): Bearer | undefined {
		const bearer = this.bearers.get(token);
		return bearer !== undefined && this.clock.now() < bearer.expiresAt ? bearer : undefined;
	}

	/** A confidential client uses HTTP Basic, a public one its id in the body. A secret in the body is ignored. */
	private clientOf(
		{ authorization = "" }: ReceivedRequest,
		form: ReadonlyMap<string, string>,
	): FakeXApp | undefined {
		const [, credentials] = /^Basic ([\w+/=-]+)$/i.exec(authorization) ?? [];
		if (credentials === undefined) {
			const app = this.appOf(form.get("client_id"));
			return app?.clientSecret === undefined ? app : undefined;
		}
		const [id = "", secret = ""] = Buffer.from(credentials, "base64").toString().split(":");
		const app = this.appOf(decodeURIComponent(id));
		return app?.clientSecret === decodeURIComponent(secret) ? app : undefined;
	}

	private appOf(clientId: string | undefined): FakeXApp | undefined {
		return clientId === undefined
			? undefined
			: this.apps.find((app) => app.clientId !== undefined && app.clientId === clientId);
	}
}

/** Some clients that work with X send JSON instead of a form. */
function fieldsOfJson(body: string): [string, string][] {
	try {
		const parsed: unknown = JSON.parse(body);
		return Object.entries(parsed ?? {}).map(([name, value]) => [name, String(value)]);
	} catch {
		return [];
	}
}

function withQuery(uri: string, parameters: readonly (readonly [string, string])[]): string {
	const url = new URL(uri);
	for (const [name, value] of parameters) {
		url.searchParams.append(name, value);
	}
	return url.href;
}

function refusal(status: number, error: string, description: string): Answer {
	return jsonAnswer(status, { error, error_description: description });
}

function opaque(length: number): string {
	return randomBytes(length).toString("base64url").slice(0, length);
}
