import { type Answer, jsonError, negotiatedError, plainRefusal } from "./answer.ts";
import type { FakeXAccount, FakeXApp } from "./fake-x-options.ts";
import { percentEncode } from "./oauth1-signature.ts";
import type { OAuth2Calls } from "./oauth2-calls.ts";
import { profileV1, profileV2 } from "./profiles.ts";
import type { RateLimits } from "./rate-limits.ts";
import type { ReceivedRequest } from "./received-request.ts";
import type { RequestVerifier } from "./request-verifier.ts";
import type { AccessToken, TokenStore } from "./token-store.ts";

/** The calls of a helpdesk's server to X. */
export class SignedCalls {
	constructor(
		private readonly verifier: RequestVerifier,
		private readonly tokens: TokenStore,
		private readonly limits: RateLimits,
		private readonly oauth2: OAuth2Calls,
	) {}

	/** POST /oauth/request_token */
	requestToken(request: ReceivedRequest): Answer {
		const result = this.verifier.verify(request, () => ({ secret: "" }));
		if ("refusal" in result) {
			return result.refusal;
		}
		const { app, parameters } = result.verified;
		const callback = parameters.get("oauth_callback");
		if (callback === undefined) {
			return jsonError(400, 215, "Bad Authentication data.");
		}
		if (app.state === "suspended") {
			return negotiatedError(request.accept, 401, 416, "Invalid / suspended application");
		}
		if (app.state === "native" || app.callbacks.length === 0) {
			const message = "Desktop applications only support the oauth_callback value 'oob'";
			return negotiatedError(request.accept, 401, 417, message);
		}
		if (!isApproved(app, callback)) {
			const message =
				"Callback URL not approved for this client application. Approved callback URLs can be adjusted in your application settings";
			return negotiatedError(request.accept, 403, 415, message);
		}
		const { token, secret } = this.tokens.issueRequestToken(app, callback);
		return formAnswer([
			["oauth_token", token],
			["oauth_token_secret", secret],
			["oauth_callback_confirmed", "true"],
		]);
	}

	/** POST /oauth/access_token */
	accessToken(request: ReceivedRequest): Answer {
		const result = this.verifier.verify(request, (app, token) => {
			if (token === undefined) {
				return { refusal: plainRefusal("Reverse auth credentials are invalid") };
			}
			const found = this.tokens.findRequestToken(token);
			return found?.app === app ? found : { refusal: plainRefusal("Invalid request token.") };
		});
		if ("refusal" in result) {
			return result.refusal;
		}
		const { app, parameters } = result.verified;
		const requestToken = this.tokens.findRequestToken(parameters.get("oauth_token") ?? "");
		if (requestToken === undefined) {
			return plainRefusal("Invalid request token.");
		}
		const { approval } = requestToken;
		if (approval === undefined || approval.verifier !== parameters.get("oauth_verifier")) {
			return plainRefusal("Error processing your OAuth request: Invalid oauth_verifier parameter");
		}
		this.tokens.spend(requestToken);
		const issued = this.tokens.issueAccessToken(app, approval.account);
		return formAnswer([
			["oauth_token", issued.token],
			["oauth_token_secret", issued.secret],
			["user_id", approval.account.id],
			["screen_name", approval.account.screenName],
		]);
	}

	/** GET /1.1/account/verify_credentials.json. An assumption: every app may call it. The fault 453 forbids it. */
	verifyCredentials(request: ReceivedRequest): Answer {
		if (/^bearer /i.test(request.authorization ?? "")) {
			return jsonError(403, 220, "You are not permitted to use OAuth2 on this endpoint");
		}
		const found = this.accessTokenOf(request);
		if ("refusal" in found) {
			return found.refusal;
		}
		const { account, app, parameters } = found;
		const { exceeded, headers } = this.limits.count("verify_credentials", account.id);
		if (exceeded) {
			return { ...jsonError(429, 88, "Rate limit exceeded"), headers };
		}
		const withEmail = parameters.get("include_email") === "true" && app.emailAllowed !== false;
		return {
			status: 200,
			contentType: "application/json;charset=utf-8",
			body: profileV1(account, withEmail),
			headers: {
				...headers,
				"x-access-level": "read",
				"content-disposition": "attachment; filename=json.json",
			},
		};
	}

	/** POST /1.1/oauth/invalidate_token.json */
	invalidateToken(request: ReceivedRequest): Answer {
		const found = this.accessTokenOf(request);
		if ("refusal" in found) {
			return found.refusal;
		}
		this.tokens.invalidate(found.token);
		return {
			status: 200,
			contentType: "application/json; charset=utf-8",
			body: JSON.stringify({ access_token: found.token }),
		};
	}

	/** GET /2/users/me, with a user's OAuth 2.0 token or with OAuth 1.0a. */
	usersMe(request: ReceivedRequest): Answer {
		const fields = (request.query.find(([name]) => name === "user.fields")?.[1] ?? "").split(",");
		const [, bearer] = /^bearer (.+)$/i.exec(request.authorization ?? "") ?? [];
		if (bearer === undefined) {
			const found = this.accessTokenOf(request);
			return "refusal" in found ? unauthorized() : this.me(found.account, fields, false);
		}
		const known = this.oauth2.bearerOf(bearer);
		if (known === undefined) {
			return unauthorized();
		}
		const { scopes, account, app } = known;
		if (!scopes.includes("users.read") || !scopes.includes("tweet.read")) {
			return problem(403, "Forbidden");
		}
		const email = scopes.includes("users.email") && app.emailAllowed !== false;
		return this.me(account, fields, email);
	}

	private me(account: FakeXAccount, fields: readonly string[], withEmail: boolean): Answer {
		const { exceeded, headers } = this.limits.count("users_me", account.id);
		return exceeded
			? { ...problem(429, "Too Many Requests"), headers }
			: {
					status: 200,
					contentType: "application/json; charset=utf-8",
					body: profileV2(account, fields, withEmail),
					headers: { ...headers, "api-version": "2.165" },
				};
	}

	private accessTokenOf(
		request: ReceivedRequest,
	): (AccessToken & { parameters: ReadonlyMap<string, string> }) | { refusal: Answer } {
		const result = this.verifier.verify(request, (app, token) => {
			if (token === undefined) {
				return { refusal: jsonError(400, 215, "Bad Authentication data.") };
			}
			const found = this.tokens.findAccessToken(token);
			return found?.app === app
				? found
				: { refusal: negotiatedError(request.accept, 401, 89, "Invalid or expired token.") };
		});
		if ("refusal" in result) {
			return result;
		}
		const { parameters } = result.verified;
		const found = this.tokens.findAccessToken(parameters.get("oauth_token") ?? "");
		if (found === undefined) {
			return { refusal: jsonError(401, 89, "Invalid or expired token.") };
		}
		if (found.account.state === "suspended") {
			const message = "Your account is suspended and is not permitted to access this feature.";
			return { refusal: jsonError(403, 64, message) };
		}
		if (found.account.state === "locked") {
			const message =
				"To protect our users from spam and other malicious activity, this account is temporarily locked. Please log in to https://twitter.com to unlock your account.";
			return { refusal: jsonError(403, 326, message) };
		}
		return { ...found, parameters };
	}
}

function unauthorized(): Answer {
	return problem(401, "Unauthorized");
}

function problem(status: number, title: string): Answer {
	return {
		status,
		contentType: "application/problem+json; charset=utf-8",
		body: JSON.stringify({ title, type: "about:blank", status, detail: title }),
	};
}

/** X ignores the query of a callback. That is observed, not documented. */
function isApproved(app: FakeXApp, callback: string): boolean {
	const [withoutQuery = ""] = callback.split("?");
	// The callback ends up in a Location header.
	return /^[!-~]+$/.test(callback) && app.callbacks.includes(withoutQuery);
}

function formAnswer(parameters: readonly (readonly [string, string])[]): Answer {
	return {
		status: 200,
		// X sends form-encoded answers with this type.
		contentType: "text/html; charset=utf-8",
		body: parameters.map(([name, value]) => `${name}=${percentEncode(value)}`).join("&"),
	};
}
