import { displayName } from "../../contract/display-name.ts";
import { canonicalEmail } from "../../contract/email-address.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { HttpAnswer } from "../../contract/http.ts";
import { type Secret, secret } from "../../contract/secret.ts";
import type {
	AccessToken,
	BegunLogin,
	Credentials,
	Identity,
	LoginWish,
	Profile,
} from "../login/provider/identity-provider.ts";
import type { ProviderCalls } from "../login/provider/provider-calls.ts";
import { jsonFields } from "./json-fields.ts";
import { type SigningKeys, signRequest, type UnsignedRequest } from "./sign-request.ts";
import { FORM, unreadable, type XCalls } from "./x-calls.ts";
import { type XCall, XError, type XProblem } from "./x-error.ts";

const USER_ID = /^[0-9]{1,20}$/;
const TOKEN = /^[\x21-\x7e]{1,512}$/;

/** X's 3-legged OAuth 1.0a (docs.x.com, "Log in with X"), all legs on one host. */
export class OAuth1Client {
	/** The milliseconds by which this machine's clock is behind X's. 0 until X refuses a call for its time. */
	private clockOffsetMs = 0;

	constructor(
		private readonly host: HelpdeskHost,
		private readonly x: XCalls,
	) {}

	/**
	 * POST oauth/request_token. `x_auth_access_type=read` asks for the least access, whatever the app is allowed to do.
	 */
	async begin(
		credentials: Credentials,
		{ callbackUrl, screen }: LoginWish,
		calls: ProviderCalls,
	): Promise<BegunLogin> {
		const answer = await this.x.twice(calls, () =>
			this.call("request_token", keysOf(credentials), calls, {
				method: "POST",
				url: this.x.url("/oauth/request_token"),
				protocol: { oauth_callback: callbackUrl },
				body: { x_auth_access_type: "read" },
			}),
		);
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
		const authorizeUrl = this.x.url(`${path}?${query}${more}`);
		return { token, secret: secret(tokenSecret), authorizeUrl };
	}

	/** POST oauth/access_token. */
	async exchange(
		credentials: Credentials,
		begun: { readonly token: string; readonly secret: Secret },
		verifier: Secret,
		calls: ProviderCalls,
	): Promise<Identity> {
		const keys = keysOf(credentials, { token: begun.token, tokenSecret: begun.secret });
		const answer = await this.call("access_token", keys, calls, {
			method: "POST",
			url: this.x.url("/oauth/access_token"),
			protocol: { oauth_verifier: verifier.reveal() },
		});
		const form = new URLSearchParams(answer.body);
		const id = field(form, "user_id", USER_ID, "access_token");
		return {
			id: `x:${id}`,
			// Only a label: whatever X calls the account, the id decides.
			handle: displayName(form.get("screen_name") ?? "") || id,
			access: {
				token: field(form, "oauth_token", TOKEN, "access_token"),
				tokenSecret: secret(field(form, "oauth_token_secret", TOKEN, "access_token")),
			},
		};
	}

	/**
	 * GET account/verify_credentials. X's access tiers change (453, 402, 429), so any other answer counts as a profile
	 * without e-mail: X has named the visitor already. Only a suspended or locked account is refused.
	 */
	async readProfile(
		credentials: Credentials,
		identity: Identity & { readonly access: AccessToken },
		calls: ProviderCalls,
	): Promise<Profile> {
		const keys = keysOf(credentials, identity.access);
		const query = "include_email=true&include_entities=false&skip_status=true";
		try {
			const answer = await this.x.twice(calls, () =>
				this.call("verify_credentials", keys, calls, {
					method: "GET",
					url: this.x.url(`/1.1/account/verify_credentials.json?${query}`),
				}),
			);
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

	private async call(
		call: XCall,
		keys: SigningKeys,
		calls: ProviderCalls,
		request: UnsignedRequest,
	): Promise<HttpAnswer> {
		const { method, url, body } = request;
		const signed = () => {
			const seconds = (this.host.clock.now() + this.clockOffsetMs) / 1000;
			const authorization = signRequest(request, keys, {
				nonce: Buffer.from(this.host.random.bytes(24)).toString("hex"),
				timestampSeconds: Math.floor(seconds),
			});
			return {
				method,
				url,
				headers: { authorization, ...(body && FORM) },
				...(body && { body: formBody(body) }),
			};
		};
		try {
			return await this.x.send(call, signed, calls);
		} catch (error) {
			if (error instanceof XError && error.problem === "clock-off") {
				this.learnClock();
			}
			throw error;
		}
	}

	/** X refuses a timestamp that is too far off. Its answer has its own time (RFC 9110 section 6.6.1). */
	private learnClock(): void {
		const { skewMs } = this.x;
		if (skewMs !== undefined) {
			this.clockOffsetMs = skewMs;
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

function keysOf({ key, secret: appSecret }: Credentials, token?: AccessToken): SigningKeys {
	return {
		consumerKey: key,
		consumerSecret: appSecret ?? secret(""),
		...(token && { token: token.token, tokenSecret: token.tokenSecret }),
	};
}

function formBody(body: NonNullable<UnsignedRequest["body"]>): string {
	const pairs = Object.entries(body).flatMap(([name, values]) =>
		[values].flat().map((value): [string, string] => [name, value]),
	);
	return new URLSearchParams(pairs).toString();
}

function field(form: URLSearchParams, name: string, shape: RegExp, call: XCall): string {
	const values = form.getAll(name);
	const [value] = values;
	if (values.length !== 1 || value === undefined || !shape.test(value)) {
		throw unreadable(call, `no usable ${name} in the answer`);
	}
	return value;
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
	const parsed = jsonFields(body);
	if (parsed === undefined || !Object.hasOwn(parsed, "id_str")) {
		throw unreadable(call, "no profile");
	}
	// Only own fields are read. `__proto__` in JSON is an own field like any other.
	const { id_str: id, name, email } = parsed;
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
