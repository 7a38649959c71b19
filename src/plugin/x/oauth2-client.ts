import {
	type AuthorizationServer,
	allowInsecureRequests,
	type Client,
	type ClientAuth,
	customFetch,
	genericTokenEndpointRequest,
} from "oauth4webapi";
import { displayName } from "../../contract/display-name.ts";
import { canonicalEmail } from "../../contract/email-address.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { HttpAnswer } from "../../contract/http.ts";
import { type Secret, secret } from "../../contract/secret.ts";
import { digest } from "../digest.ts";
import type {
	BegunLogin,
	Credentials,
	Identity,
	LoginWish,
} from "../login/provider/identity-provider.ts";
import type { ProviderCalls } from "../login/provider/provider-calls.ts";
import { fieldsOf, jsonFields } from "./json-fields.ts";
import { FORM, unreadable, type XCalls } from "./x-calls.ts";
import { RETRIED, XError, type XProblem } from "./x-error.ts";

const BYTES = 32;
/** What /2/users/me needs, both of them. Never `offline.access`: a log-in needs no refresh token. */
const SCOPE = "users.read tweet.read";
const EMAIL = "users.email";
const USER_ID = /^[0-9]{1,20}$/;
const TOKEN = /^[\x21-\x7e]{1,2048}$/;

/** After these, the profile is asked for once more: without it nobody gets in. */
const PROFILE_RETRIED: ReadonlySet<XProblem> = new Set([
	...RETRIED,
	"no-credits",
	"rate-limited",
	"token-refused",
	"unreadable",
]);

/**
 * X's OAuth 2.0: the authorization code with PKCE (docs.x.com, "OAuth 2.0 Authorization Code Flow with PKCE"). The token
 * is dropped after use and not revoked: that would be one more call and might end the visitor's grant.
 */
export class OAuth2Client {
	constructor(
		private readonly host: HelpdeskHost,
		private readonly x: XCalls,
	) {}

	/** Makes no call. A wrong Client ID or callback URL ends on a page of X, from which nobody comes back. */
	begin({ key }: Credentials, { callbackUrl, email }: LoginWish): BegunLogin {
		const token = this.random();
		const verifier = this.random();
		const query = new URLSearchParams({
			response_type: "code",
			client_id: key,
			redirect_uri: callbackUrl,
			scope: email ? `${SCOPE} ${EMAIL}` : SCOPE,
			state: token,
			code_challenge: digest(verifier),
			code_challenge_method: "S256",
		});
		const authorizeUrl = this.x.pageUrl(`/i/oauth2/authorize?${query}`);
		return { token, secret: secret(verifier), authorizeUrl };
	}

	/** POST 2/oauth2/token, then GET 2/users/me. The profile is the identity, so without it nobody is named. */
	async exchange(
		credentials: Credentials,
		begun: { readonly token: string; readonly secret: Secret },
		returned: { readonly proof: Secret; readonly callbackUrl: string },
		calls: ProviderCalls,
	): Promise<Identity> {
		const answer = await this.redeem(credentials, begun, returned, calls);
		const { access_token: token, token_type: type, scope } = jsonFields(answer.body) ?? {};
		// RFC 6749 section 7.1: a client uses no token of a type that it does not know.
		const isUsable =
			typeof token === "string" && TOKEN.test(token) && /^bearer$/i.test(String(type));
		if (!isUsable) {
			throw unreadable("oauth2_token", "no usable access_token in the answer");
		}
		// X may refuse a field that the token gives no right to.
		const fields =
			typeof scope !== "string" || scope.includes(EMAIL) ? "?user.fields=confirmed_email" : "";
		const url = this.x.url(`/2/users/me${fields}`);
		const headers = { authorization: `Bearer ${token}` };
		const request = { method: "GET", url, headers } as const;
		const read = async () => {
			const { body } = await this.x.send("users_me", () => request, calls);
			return identityIn(body);
		};
		return this.x.twice(calls, read, PROFILE_RETRIED);
	}

	/** Redeems a made-up code. X refuses it if the exchange of codes works. */
	async probe(credentials: Credentials, callbackUrl: string, calls: ProviderCalls): Promise<void> {
		const begun = { token: this.random(), secret: secret(this.random()) };
		const returned = { proof: secret(this.random()), callbackUrl };
		try {
			await this.redeem(credentials, begun, returned, calls);
		} catch (error) {
			if (!(error instanceof XError && error.problem === "verifier-refused")) {
				throw error;
			}
			return;
		}
		throw unreadable("oauth2_token", "a made-up code was accepted");
	}

	/** Sends the code at once, because it lives 30 seconds. */
	private async redeem(
		{ key, secret: clientSecret }: Credentials,
		begun: { readonly token: string; readonly secret: Secret },
		{ proof, callbackUrl }: { readonly proof: Secret; readonly callbackUrl: string },
		calls: ProviderCalls,
	): Promise<HttpAnswer> {
		const url = this.x.url("/2/oauth2/token");
		const server: AuthorizationServer = { issuer: this.x.pageUrl(""), token_endpoint: url };
		const client: Client = { client_id: key };
		const parameters = new URLSearchParams({
			code: proof.reveal(),
			redirect_uri: callbackUrl,
			code_verifier: begun.secret.reveal(),
		});
		let answer: HttpAnswer | undefined;
		await genericTokenEndpointRequest(
			server,
			client,
			clientAuthentication(clientSecret),
			"authorization_code",
			parameters,
			{
				// The port decides which addresses may be called, a fake X on this machine among them.
				[allowInsecureRequests]: true,
				// The answer is read here: X's errors have their own words, and the library's reader brings the checks of
				// OpenID Connect, which X does not speak.
				[customFetch]: async (_, { headers, body }) => {
					const { authorization } = headers;
					const sent = { ...FORM, ...(authorization === undefined ? {} : { authorization }) };
					const request = { method: "POST", url, headers: sent, body: String(body) } as const;
					answer = await this.x.send("oauth2_token", () => request, calls);
					return new Response();
				},
			},
		);
		if (answer === undefined) {
			throw new Error("oauth4webapi sent no request");
		}
		return answer;
	}

	private random(): string {
		return Buffer.from(this.host.random.bytes(BYTES)).toString("base64url");
	}
}

/** HTTP Basic, which X requires of confidential clients; a public one names itself in the body (user-access-token.mdx). */
function clientAuthentication(clientSecret: Secret | undefined): ClientAuth {
	return (_, { client_id: id }, body, headers) => {
		if (clientSecret === undefined) {
			body.set("client_id", id);
			return;
		}
		// X's keys are letters, digits, "-" and "_", which RFC 6749 appendix B leaves as they are. The library would encode
		// the last two, and not every server decodes them.
		const pair = [id, clientSecret.reveal()].map(encodeURIComponent).join(":");
		headers.set("authorization", `Basic ${Buffer.from(pair).toString("base64")}`);
	};
}

function identityIn(body: string): Identity {
	const data = fieldsOf(jsonFields(body)?.["data"]);
	const id = data?.["id"];
	if (data === undefined || typeof id !== "string" || !USER_ID.test(id)) {
		throw unreadable("users_me", "no usable id in the answer");
	}
	const { username, name, confirmed_email: email } = data;
	const handle = (typeof username === "string" && displayName(username)) || id;
	return {
		id: `x:${id}`,
		handle,
		access: {
			name: (typeof name === "string" && displayName(name)) || handle,
			// X gives it only confirmed, to an app that may ask for it.
			email: typeof email === "string" ? canonicalEmail(email) : undefined,
		},
	};
}
