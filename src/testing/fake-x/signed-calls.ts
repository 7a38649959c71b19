import { type Answer, jsonError, negotiatedError, plainRefusal } from "./answer.ts";
import type { FakeXAccount, FakeXApp } from "./fake-x-options.ts";
import { percentEncode } from "./oauth1-signature.ts";
import type { ReceivedRequest } from "./received-request.ts";
import type { RequestVerifier } from "./request-verifier.ts";
import type { TokenStore } from "./token-store.ts";

const AVATAR = "https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png";

/** The calls a helpdesk's server makes to X. */
export class SignedCalls {
	constructor(
		private readonly verifier: RequestVerifier,
		private readonly tokens: TokenStore,
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
		if (app.callbacks.length === 0) {
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

	/** GET /1.1/account/verify_credentials.json */
	verifyCredentials(request: ReceivedRequest): Answer {
		const result = this.verifier.verify(request, (app, token) => {
			if (token === undefined) {
				return { refusal: jsonError(400, 215, "Bad Authentication data.") };
			}
			const found = this.tokens.findAccessToken(token);
			return found?.app === app
				? found
				: { refusal: jsonError(401, 89, "Invalid or expired token.") };
		});
		if ("refusal" in result) {
			return result.refusal;
		}
		const { app, parameters } = result.verified;
		const accessToken = this.tokens.findAccessToken(parameters.get("oauth_token") ?? "");
		if (accessToken === undefined) {
			return jsonError(401, 89, "Invalid or expired token.");
		}
		const withEmail = parameters.get("include_email") === "true" && app.emailAllowed !== false;
		return {
			status: 200,
			contentType: "application/json;charset=utf-8",
			body: profile(accessToken.account, withEmail),
			headers: { "x-access-level": "read" },
		};
	}
}

/** The query of a callback is ignored, which is observed at X and not documented. */
function isApproved(app: FakeXApp, callback: string): boolean {
	const [withoutQuery = ""] = callback.split("?");
	// Only what can stand in a Location header, which the callback ends up in.
	return /^[!-~]+$/.test(callback) && app.callbacks.includes(withoutQuery);
}

function formAnswer(parameters: readonly (readonly [string, string])[]): Answer {
	return {
		status: 200,
		// X sends its form-encoded answers under this type.
		contentType: "text/html; charset=utf-8",
		body: parameters.map(([name, value]) => `${name}=${percentEncode(value)}`).join("&"),
	};
}

function profile(account: FakeXAccount, withEmail: boolean): string {
	const fields = JSON.stringify({
		id_str: account.id,
		name: account.name,
		screen_name: account.screenName,
		profile_image_url_https: AVATAR,
		...(withEmail ? { email: account.email ?? null } : {}),
	});
	// Written by hand, because a JavaScript number would not keep the digits of a large id.
	return `{"id":${account.id},${fields.slice(1)}`;
}
