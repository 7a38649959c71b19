import { displayName } from "../../contract/display-name.ts";
import { canonicalEmail } from "../../contract/email-address.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { HttpAnswer } from "../../contract/http.ts";
import type { FormField } from "../../contract/login-request.ts";
import { type Secret, secret } from "../../contract/secret.ts";
import { HOST, inject, injectable } from "../injection.ts";
import type {
	Callback,
	Credentials,
	Identity,
	IdentityProvider,
	Profile,
	ProviderScreen,
	RequestToken,
} from "../login/provider/identity-provider.ts";
import type { ProviderCalls } from "../login/provider/provider-calls.ts";
import { readCallback } from "./read-callback.ts";
import { type SigningKeys, signRequest, type UnsignedRequest } from "./sign-request.ts";
import { isForeignPage, problemOf, RETRIED, type XCall, XError, type XProblem } from "./x-error.ts";

const API_HOST = "api.x.com";
const TIMEOUT_MS = 5_000;
const MAX_BYTES = 64 * 1024;

const USER_ID = /^[0-9]{1,20}$/;
const TOKEN = /^[\x21-\x7e]{1,512}$/;

/** X's 3-legged OAuth 1.0a (docs.x.com, "Log in with X"), all legs on one host. */
@injectable()
export class XClient implements IdentityProvider {
	/** The milliseconds by which this machine's clock is behind X's. 0 until X refuses a call for its time. */
	private clockOffsetMs = 0;
	skewMs: number | undefined;

	constructor(@inject(HOST) private readonly host: HelpdeskHost) {}

	/**
	 * POST oauth/request_token. `x_auth_access_type=read` asks for the least access, whatever the app is allowed to do.
	 */
	async requestToken(
		credentials: Credentials,
		callbackUrl: string,
		screen: ProviderScreen,
		calls: ProviderCalls,
	): Promise<RequestToken> {
		const answer = await this.callTwice("request_token", keysOf(credentials), calls, {
			method: "POST",
			url: this.url("/oauth/request_token"),
			protocol: { oauth_callback: callbackUrl },
			body: { x_auth_access_type: "read" },
		});
		// X labels the form body text/html, so the label is ignored.
		const form = new URLSearchParams(answer.body);
		if (form.get("oauth_callback_confirmed") !== "true") {
			throw unreadable("request_token", "the callback was not confirmed");
		}
		const token = field(form, "oauth_token", TOKEN, "request_token");
		const tokenSecret = field(form, "oauth_token_secret", TOKEN, "request_token");
		// /oauth/authenticate sends a visitor who approved the app before straight back. /oauth/authorize never does.
		const path = screen === "grants" ? "/oauth/authorize" : "/oauth/authenticate";
		const query = `oauth_token=${encodeURIComponent(token)}`;
		const more = screen === "other-account" ? "&force_login=true" : "";
		const authorizeUrl = this.url(`${path}?${query}${more}`);
		return { token, tokenSecret: secret(tokenSecret), authorizeUrl };
	}

	readCallback(query: readonly FormField[]): Callback {
		return readCallback(query);
	}

	/** POST oauth/access_token. */
	async exchange(
		credentials: Credentials,
		requestToken: { readonly token: string; readonly tokenSecret: Secret },
		verifier: Secret,
		calls: ProviderCalls,
	): Promise<Identity> {
		const keys = keysOf(credentials, requestToken);
		const answer = await this.call("access_token", keys, calls, {
			method: "POST",
			url: this.url("/oauth/access_token"),
			protocol: { oauth_verifier: verifier.reveal() },
		});
		const form = new URLSearchParams(answer.body);
		const id = field(form, "user_id", USER_ID, "access_token");
		return {
			id: `x:${id}`,
			// Only a label: whatever X calls the account, the id decides.
			handle: displayName(form.get("screen_name") ?? "") || id,
			accessToken: field(form, "oauth_token", TOKEN, "access_token"),
			accessTokenSecret: secret(field(form, "oauth_token_secret", TOKEN, "access_token")),
		};
	}

	/**
	 * GET account/verify_credentials. X's access tiers change (453, 402, 429), so any other answer counts as a profile
	 * without e-mail: X has named the visitor already. Only a suspended or locked account is refused.
	 */
	async readProfile(
		credentials: Credentials,
		identity: Identity,
		calls: ProviderCalls,
	): Promise<Profile> {
		const keys = keysOf(credentials, {
			token: identity.accessToken,
			tokenSecret: identity.accessTokenSecret,
		});
		const query = "include_email=true&include_entities=false&skip_status=true";
		try {
			const answer = await this.callTwice("verify_credentials", keys, calls, {
				method: "GET",
				url: this.url(`/1.1/account/verify_credentials.json?${query}`),
			});
			return profileIn(answer.body, identity);
		} catch (cause) {
			const error = cause instanceof XError ? cause : undefined;
			if (error === undefined || STAYS_OUT.has(error.problem)) {
				throw cause;
			}
			const { problem, status, xCode } = error;
			this.host.events.emit({
				name: "x.profile-failed",
				level: "warn",
				message: "X named the visitor but did not give the profile; the e-mail counts as missing",
				fields: { problem, status: status ?? null, xCode: xCode ?? null },
			});
			return { name: identity.handle, email: undefined, problem };
		}
	}

	private url(path: string): string {
		return this.host.http.originOf(API_HOST) + path;
	}

	/**
	 * Makes a call that changes nothing at X. Sends it once more if the first one was lost or signed by a wrong clock.
	 */
	private async callTwice(
		call: XCall,
		keys: SigningKeys,
		calls: ProviderCalls,
		request: UnsignedRequest,
	): Promise<HttpAnswer> {
		try {
			return await this.call(call, keys, calls, request);
		} catch (error) {
			if (!(error instanceof XError && RETRIED.has(error.problem))) {
				throw error;
			}
			return this.call(call, keys, calls, request);
		}
	}

	private async call(
		call: XCall,
		keys: SigningKeys,
		calls: ProviderCalls,
		request: UnsignedRequest,
	): Promise<HttpAnswer> {
		const now = this.host.clock.now();
		if (now >= calls.deadline) {
			throw new XError("timeout", { call, detail: "no time was left" });
		}
		const authorization = signRequest(request, keys, {
			nonce: Buffer.from(this.host.random.bytes(24)).toString("hex"),
			timestampSeconds: Math.floor((now + this.clockOffsetMs) / 1000),
		});
		const result = await calls.time(() =>
			this.host.http.send({
				method: request.method,
				url: request.url,
				// X sends errors as XML unless asked for JSON.
				headers: { authorization, accept: "application/json", ...contentType(request) },
				...(request.body && { body: formBody(request.body) }),
				timeoutMs: Math.min(TIMEOUT_MS, calls.deadline - now),
				maxBytes: MAX_BYTES,
			}),
		);
		if (result.kind === "failure") {
			throw new XError(result.reason, { call });
		}
		const theirs = Date.parse(result.headers["date"] ?? "");
		this.skewMs = Number.isFinite(theirs) ? theirs - this.host.clock.now() : undefined;
		if (result.status !== 200 || isForeignPage(result.body)) {
			const challenge = result.headers["www-authenticate"];
			const { problem, xCode } = problemOf(call, result.status, result.body, challenge);
			if (problem === "clock-off") {
				this.learnClock();
			}
			throw new XError(problem, { call, status: result.status, xCode });
		}
		return result;
	}

	/** X refuses a timestamp that is too far off. Its answer has its own time (RFC 9110 section 6.6.1). */
	private learnClock(): void {
		if (this.skewMs !== undefined) {
			this.clockOffsetMs = this.skewMs;
			this.host.events.emit({
				name: "x.clock-off",
				level: "warn",
				message: "this machine's clock differs from X's; calls are signed by X's until it is right",
				fields: { offsetSeconds: Math.round(this.clockOffsetMs / 1000) },
			});
		}
	}
}

const STAYS_OUT: ReadonlySet<XProblem> = new Set([
	"account-suspended",
	"account-locked",
	"other-account",
]);

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
	return new XError("unreadable", { call, detail, status: 200 });
}

/** Undefined for a body that is not JSON. The error of the parser is dropped, because it may quote the body. */
function parsedJson(body: string): unknown {
	try {
		return JSON.parse(body);
	} catch {
		return undefined;
	}
}

const CHARACTERS: Readonly<Record<string, string>> = {
	amp: "&",
	lt: "<",
	gt: ">",
	quot: '"',
	"#39": "'",
};

/** Undoes, once, how X's calls of version 1.1 escape the texts that people write: `Tom &amp; Jerry`. */
function withoutEntities(text: string): string {
	return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, entity) => CHARACTERS[entity] ?? "");
}

function profileIn(body: string, identity: Identity): Profile {
	const call = "verify_credentials";
	const parsed = parsedJson(body);
	if (typeof parsed !== "object" || parsed === null || !Object.hasOwn(parsed, "id_str")) {
		throw unreadable(call, "no profile");
	}
	// Only own fields are read. `__proto__` in JSON is an own field like any other.
	const { id_str: id, name, email } = parsed as Readonly<Record<string, unknown>>;
	// `id` is a number that JavaScript rounds above 2^53; only `id_str` can be compared.
	if (`x:${String(id)}` !== identity.id) {
		throw new XError("other-account", { call, detail: "the profile is somebody else's" });
	}
	return {
		name: (typeof name === "string" && displayName(withoutEntities(name))) || identity.handle,
		// X gives only confirmed addresses. Absent, null, "" and an invalid address all mean "none".
		email: typeof email === "string" ? canonicalEmail(email) : undefined,
	};
}
