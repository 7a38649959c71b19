import { type Answer, jsonError, negotiatedError, plainRefusal } from "./answer.ts";
import type { FakeXAccount, FakeXApp } from "./fake-x-options.ts";
import { percentEncode } from "./oauth1-signature.ts";
import { profileV1 } from "./profiles.ts";
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
		const refusal = refusalAbout(account);
		if (refusal !== undefined) {
			return refusal;
		}
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
		const refusal = refusalAbout(found.account);
		if (refusal !== undefined) {
			return refusal;
		}
		this.tokens.invalidate(found.token);
		return {
			status: 200,
			contentType: "application/json; charset=utf-8",
			body: JSON.stringify({ access_token: found.token }),
		};
	}

	/** The access token that a signed request names, or X's answer to an invalid one. */
	accessTokenOf(
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
		return { ...found, parameters };
	}
}

/** The answer of API version 1.1 about an account that is suspended or locked. */
function refusalAbout({ state }: FakeXAccount): Answer | undefined {
	if (state === "suspended") {
		const message = "Your account is suspended and is not permitted to access this feature.";
		return jsonError(403, 64, message);
	}
	if (state === "locked") {
		const message =
			"To protect our users from spam and other malicious activity, this account is temporarily locked. Please log in to https://twitter.com to unlock your account.";
		return jsonError(403, 326, message);
	}
	return undefined;
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
