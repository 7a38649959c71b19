import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { HttpAnswer } from "../../contract/http.ts";
import { type Secret, secret } from "../../contract/secret.ts";
import { HOST, inject, injectable } from "../injection.ts";
import type {
	Credentials,
	Identity,
	IdentityProvider,
	Profile,
	RequestToken,
} from "../login/identity-provider.ts";
import { displayName } from "./display-name.ts";
import { type SigningKeys, signRequest, type UnsignedRequest } from "./sign-request.ts";
import { faultOf, type XCall, XError, xCodeOf } from "./x-error.ts";

const API_HOST = "api.x.com";
const TIMEOUT_MS = 5_000;
const MAX_BYTES = 64 * 1024;

const USER_ID = /^[0-9]{1,20}$/;
const HANDLE = /^[A-Za-z0-9_]{1,15}$/;
const TOKEN = /^[\x21-\x7e]{1,512}$/;
const EMAIL = /^[^\s@\p{Cc}\p{Cf}]{1,64}@[^\s@\p{Cc}\p{Cf}]{1,255}$/u;

/** X's 3-legged OAuth 1.0a (docs.x.com, "Log in with X"), all legs on one host. */
@injectable()
export class XClient implements IdentityProvider {
	constructor(@inject(HOST) private readonly host: HelpdeskHost) {}

	/** POST oauth/request_token. `x_auth_access_type=read` asks for the least whatever the app may do. */
	async requestToken(credentials: Credentials, callbackUrl: string): Promise<RequestToken> {
		const answer = await this.call("request_token", keysOf(credentials), {
			method: "POST",
			url: this.url("/oauth/request_token"),
			protocol: { oauth_callback: callbackUrl },
			body: { x_auth_access_type: "read" },
		});
		// X labels the form body text/html, so it is parsed by content.
		const form = new URLSearchParams(answer.body);
		if (form.get("oauth_callback_confirmed") !== "true") {
			throw unreadable("request_token", "the callback was not confirmed");
		}
		const token = field(form, "oauth_token", TOKEN, "request_token");
		const tokenSecret = field(form, "oauth_token_secret", TOKEN, "request_token");
		const authorizeUrl = new URL(this.url("/oauth/authenticate"));
		authorizeUrl.searchParams.set("oauth_token", token);
		return { token, tokenSecret: secret(tokenSecret), authorizeUrl: authorizeUrl.href };
	}

	/** POST oauth/access_token. */
	async exchange(
		credentials: Credentials,
		requestToken: { readonly token: string; readonly tokenSecret: Secret },
		verifier: Secret,
	): Promise<Identity> {
		const answer = await this.call("access_token", keysOf(credentials, requestToken), {
			method: "POST",
			url: this.url("/oauth/access_token"),
			protocol: { oauth_verifier: verifier.reveal() },
		});
		const form = new URLSearchParams(answer.body);
		return {
			id: `x:${field(form, "user_id", USER_ID, "access_token")}`,
			handle: field(form, "screen_name", HANDLE, "access_token"),
			accessToken: field(form, "oauth_token", TOKEN, "access_token"),
			accessTokenSecret: secret(field(form, "oauth_token_secret", TOKEN, "access_token")),
		};
	}

	/**
	 * GET account/verify_credentials. X's access tiers come and go (453, 402, 429): whatever it answers but a
	 * profile counts as a profile without e-mail, for X has named the visitor already.
	 */
	async readProfile(credentials: Credentials, identity: Identity): Promise<Profile> {
		const keys = keysOf(credentials, {
			token: identity.accessToken,
			tokenSecret: identity.accessTokenSecret,
		});
		const query = "include_email=true&include_entities=false&skip_status=true";
		let answer: HttpAnswer;
		try {
			answer = await this.call("verify_credentials", keys, {
				method: "GET",
				url: this.url(`/1.1/account/verify_credentials.json?${query}`),
			});
		} catch (cause) {
			if (cause instanceof XError) {
				this.host.events.emit({
					name: "x.profile-failed",
					level: "warn",
					message: "X named the visitor but did not give the profile; the e-mail counts as missing",
					fields: { status: cause.status ?? null, xCode: cause.xCode ?? null },
				});
				return { name: identity.handle, email: undefined };
			}
			throw cause;
		}
		return profileIn(answer.body, identity);
	}

	private url(path: string): string {
		return new URL(path, this.host.http.originOf(API_HOST)).href;
	}

	private async call(
		call: XCall,
		keys: SigningKeys,
		request: UnsignedRequest,
	): Promise<HttpAnswer> {
		const authorization = signRequest(request, keys, {
			nonce: Buffer.from(this.host.random.bytes(24)).toString("hex"),
			timestampSeconds: Math.floor(this.host.clock.now() / 1000),
		});
		const result = await this.host.http.send({
			method: request.method,
			url: request.url,
			// X answers errors as XML to those who do not ask for JSON.
			headers: { authorization, accept: "application/json", ...contentType(request) },
			...(request.body && { body: formBody(request.body) }),
			timeoutMs: TIMEOUT_MS,
			maxBytes: MAX_BYTES,
		});
		if (result.kind === "failure") {
			throw new XError("unavailable", { call, detail: `no answer: ${result.reason}` });
		}
		if (result.status !== 200) {
			const xCode = xCodeOf(result.body);
			throw new XError(faultOf(call, result.status, xCode), {
				call,
				detail: `status ${result.status}${xCode === undefined ? "" : `, code ${xCode}`}`,
				status: result.status,
				xCode,
			});
		}
		return result;
	}
}

function keysOf(
	credentials: Credentials,
	token?: { readonly token: string; readonly tokenSecret: Secret },
): SigningKeys {
	return {
		consumerKey: credentials.apiKey,
		consumerSecret: credentials.apiKeySecret,
		...(token && { token: token.token, tokenSecret: token.tokenSecret }),
	};
}

function formBody(body: NonNullable<UnsignedRequest["body"]>): string {
	const pairs = Object.entries(body).flatMap(([name, values]) =>
		[values].flat().map((value): [string, string] => [name, value]),
	);
	return new URLSearchParams(pairs).toString();
}

function contentType(request: UnsignedRequest): Record<string, string> {
	return request.body === undefined
		? {}
		: { "content-type": "application/x-www-form-urlencoded;charset=UTF-8" };
}

function field(form: URLSearchParams, name: string, shape: RegExp, call: XCall): string {
	const values = form.getAll(name);
	const [value] = values;
	if (values.length !== 1 || value === undefined || !shape.test(value)) {
		throw unreadable(call, `no usable ${name} in the answer`);
	}
	return value;
}

function unreadable(call: XCall, detail: string): XError {
	return new XError("unavailable", { call, detail, status: 200 });
}

function profileIn(body: string, identity: Identity): Profile {
	const fallback: Profile = { name: identity.handle, email: undefined };
	let parsed: unknown;
	try {
		parsed = JSON.parse(body);
	} catch {
		return fallback;
	}
	if (typeof parsed !== "object" || parsed === null) {
		return fallback;
	}
	const profile = parsed as Record<string, unknown>;
	// `id` is a number that JavaScript rounds above 2^53; only `id_str` can be compared.
	if (`x:${String(profile["id_str"])}` !== identity.id) {
		throw new XError("rejected", {
			call: "verify_credentials",
			detail: "the profile is somebody else's",
		});
	}
	const { name, email } = profile;
	return {
		name: (typeof name === "string" && displayName(name)) || identity.handle,
		// X gives the address only when it is confirmed; absent, null and "" are all "none".
		email: typeof email === "string" && EMAIL.test(email) ? email : undefined,
	};
}
