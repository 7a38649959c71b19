import { createHash, randomBytes } from "node:crypto";
import { type Answer, jsonAnswer } from "./answer.ts";
import type { FakeXApp } from "./fake-x-options.ts";
import type { Alteration } from "./faults.ts";
import { clientOf, fieldsOf, missing, oauth2Error } from "./oauth2-client.ts";
import { ACCESS_TOKEN_SECONDS, type IssuedTokens, type OAuth2Grants } from "./oauth2-grants.ts";
import type { ReceivedRequest } from "./received-request.ts";

/** The calls of OAuth 2.0 by a helpdesk's server. */
export class OAuth2Calls {
	constructor(
		private readonly apps: readonly FakeXApp[],
		private readonly grants: OAuth2Grants,
	) {}

	/** POST /2/oauth2/token */
	token(request: ReceivedRequest, alteration?: Alteration): Answer {
		const client = clientOf(request, this.apps);
		if ("refusal" in client) {
			return client.refusal;
		}
		const fields = fieldsOf(request);
		switch (fields.get("grant_type")) {
			case "authorization_code":
				return this.exchangeCode(client.app, fields, alteration);
			case "refresh_token":
				return this.refresh(client.app, fields);
			case undefined:
				return missing("grant_type");
			default:
				return invalid("grant type");
		}
	}

	/**
	 * POST /2/oauth2/revoke. Assumptions: X publishes no answer, and does not say whether an access token takes its refresh
	 * token with it. RFC 7009 (section 2.2) wants 200 for a token that is not known.
	 */
	revoke(request: ReceivedRequest): Answer {
		const client = clientOf(request, this.apps);
		if ("refusal" in client) {
			return client.refusal;
		}
		const token = fieldsOf(request).get("token");
		if (token === undefined) {
			return missing("token");
		}
		const access = this.grants.findBearer(token) ?? this.grants.findRefreshToken(token);
		if (access !== undefined && access.app !== client.app) {
			return invalid("token");
		}
		if (access !== undefined) {
			this.grants.end(access);
		}
		return jsonAnswer(200, { revoked: true });
	}

	private exchangeCode(
		app: FakeXApp,
		fields: ReadonlyMap<string, string>,
		alteration: Alteration | undefined,
	): Answer {
		const absent = ["code", "redirect_uri", "code_verifier"].find((name) => !fields.has(name));
		if (absent !== undefined) {
			return missing(absent);
		}
		const code = fields.get("code") ?? "";
		const issued = this.grants.findCode(code);
		if (issued === undefined || issued.app !== app) {
			return invalid("authorization code");
		}
		this.grants.useUp(code);
		if (issued.redirectUri !== fields.get("redirect_uri")) {
			const message =
				"Value passed for the redirect uri did not match the uri of the authorization code.";
			return oauth2Error(400, "invalid_request", message);
		}
		const verifier = fields.get("code_verifier") ?? "";
		if (createHash("sha256").update(verifier).digest("base64url") !== issued.challenge) {
			const message = "Value passed for the code verifier did not match the code challenge.";
			return oauth2Error(400, "invalid_request", message);
		}
		if (alteration === "other-token") {
			return otherAnswer(this.grants.issueTokens(issued, otherToken()));
		}
		return tokenAnswer(this.grants.issueTokens(issued), issued.scope);
	}

	/** A refresh token is good for one call, and another one comes with the answer. */
	private refresh(app: FakeXApp, fields: ReadonlyMap<string, string>): Answer {
		const token = fields.get("refresh_token");
		if (token === undefined) {
			return missing("refresh_token");
		}
		const access = this.grants.findRefreshToken(token);
		return access === undefined || access.app !== app
			? invalid("token")
			: tokenAnswer(this.grants.issueTokens(access), access.scope);
	}
}

function invalid(what: string): Answer {
	return oauth2Error(400, "invalid_request", `Value passed for the ${what} was invalid.`);
}

function tokenAnswer({ accessToken, refreshToken }: IssuedTokens, scope: string): Answer {
	return jsonAnswer(200, {
		token_type: "bearer",
		expires_in: ACCESS_TOKEN_SECONDS,
		access_token: accessToken,
		scope,
		...(refreshToken !== undefined && { refresh_token: refreshToken }),
	});
}

/** An answer as RFC 6749 (section 5.1) allows it and X does not give it. */
function otherAnswer({ accessToken }: IssuedTokens): Answer {
	return jsonAnswer(200, { access_token: accessToken, token_type: "Bearer", issued_for: "a test" });
}

/** A token with all characters that RFC 6750 (section 2.1) allows. */
function otherToken(): string {
	return `ey.~+/-_${randomBytes(384).toString("base64")}==`;
}
