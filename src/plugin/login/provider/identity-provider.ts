import type { FormField } from "../../../contract/login-request.ts";
import type { Secret } from "../../../contract/secret.ts";
import type { ProviderCalls } from "./provider-calls.ts";

/** How the plugin talks to the provider: by OAuth 1.0a (RFC 5849), or by OAuth 2.0 with PKCE (RFC 6749, RFC 7636). */
export type Protocol = "oauth1" | "oauth2";

/** The keys of an app for one protocol, which the administrator got from X. */
export interface Credentials {
	readonly protocol: Protocol;
	/** The API key of OAuth 1.0a, or the Client ID of OAuth 2.0. */
	readonly key: string;
	/** Undefined for a public client of OAuth 2.0, which has none (RFC 6749 section 2.1). */
	readonly secret: Secret | undefined;
}

/** A log-in that the provider can go on with, and the address to send the visitor to. */
export interface BegunLogin {
	/** What the browser brings back to name the log-in: the request token of OAuth 1.0a, or the `state` of OAuth 2.0. */
	readonly token: string;
	/** Stays here until the exchange: the secret of the request token, or the code verifier (RFC 7636 section 4.1). */
	readonly secret: Secret;
	readonly authorizeUrl: string;
}

/** What the visitor sees and what is asked of the provider. */
export interface LoginWish {
	readonly callbackUrl: string;
	readonly screen: ProviderScreen;
	/** Whether the e-mail address may be needed. OAuth 2.0 asks for the right to read it only then. */
	readonly email: boolean;
}

/**
 * The query that a browser brought back from the provider. `token` is that of the {@link BegunLogin}; `proof` is the
 * verifier of OAuth 1.0a or the authorization code of OAuth 2.0.
 */
export type Callback =
	| {
			readonly kind: "approved";
			readonly protocol: Protocol;
			readonly token: string;
			readonly proof: Secret;
	  }
	| {
			/** The visitor said no, or the provider failed on its own page. */
			readonly kind: "denied" | "failed";
			readonly protocol: Protocol;
			readonly token: string;
	  }
	| { readonly kind: "malformed" };

/** The identity that the provider named. Use it for one {@link IdentityProvider.readProfile}, then drop it. */
export interface Identity {
	/** Permanent and never reused: `x:2244994945`. The same under each protocol. */
	readonly id: string;
	/** The handle, for display only and cleaned for it; the digits of the id if there is none. Handles change and are resold. */
	readonly handle: string;
	/** The profile, if the provider named the visitor by it (OAuth 2.0), or the access token that reads it. */
	readonly access: Profile | AccessToken;
}

/** RFC 5849's token credentials. */
export interface AccessToken {
	readonly token: string;
	readonly tokenSecret: Secret;
}

/**
 * The page that the visitor sees first. `sign-in`: none, if they came here before; `grants`: what the app may see, to
 * be confirmed again; `other-account`: the log-in form.
 */
export type ProviderScreen = "sign-in" | "grants" | "other-account";

export interface Profile {
	/** Cleaned for display; the handle if there is no name. */
	readonly name: string;
	/**
	 * Confirmed by the provider, in canonical form; undefined when the provider has none, does not give it, or failed.
	 */
	readonly email: string | undefined;
	/** Why there is no profile; one of a closed set of the adapter. */
	readonly problem?: string;
}

/**
 * An identity provider. Methods reject with a `ProviderError`. Each call counts in its {@link ProviderCalls} and meets
 * their deadline.
 */
export interface IdentityProvider {
	/**
	 * The milliseconds by which the host's clock is behind the provider's last answer; undefined before the first one.
	 */
	readonly skewMs: number | undefined;

	/** Makes one call under OAuth 1.0a, or two if the first one was lost. Makes none under OAuth 2.0. */
	begin(credentials: Credentials, wish: LoginWish, calls: ProviderCalls): Promise<BegunLogin>;
	/** Reads the query of a callback, by the parameter names of the provider. Makes no call. */
	readCallback(query: readonly FormField[]): Callback;
	/**
	 * Makes one call, which is never repeated: a verifier or code is good for one exchange (RFC 5849 section 2.3, RFC 6749
	 * section 4.1.2). Under OAuth 2.0 it reads the profile, too, because only the profile names the visitor.
	 */
	exchange(
		credentials: Credentials,
		begun: Omit<BegunLogin, "authorizeUrl">,
		returned: { readonly proof: Secret; readonly callbackUrl: string },
		calls: ProviderCalls,
	): Promise<Identity>;
	/**
	 * Makes one call, or two if the first one was lost; none if the identity has its profile. If the provider refuses or
	 * does not answer, the result is a profile without e-mail: the provider has named the visitor already.
	 */
	readProfile(credentials: Credentials, identity: Identity, calls: ProviderCalls): Promise<Profile>;
	/**
	 * Asks, without a visitor, whether the provider exchanges codes under OAuth 2.0. Makes one call with a made-up code,
	 * which the provider refuses if it works. Rejects if it does not work.
	 */
	probe(credentials: Credentials, callbackUrl: string, calls: ProviderCalls): Promise<void>;
}

/**
 * Why a call to the provider failed. `unavailable`: it will pass; `misconfigured`: the administrator has to act;
 * `unreachable`: something between the host and the provider answered in its place; `rejected`: it concerns this attempt
 * of the visitor; the others concern their account at the provider.
 */
export type ProviderFault =
	| "unavailable"
	| "misconfigured"
	| "unreachable"
	| "rejected"
	| "account-suspended"
	| "account-locked";

/**
 * Whom a fault concerns, where that decides what later log-ins do. `everybody`: nobody gets in, and no visitor can cause
 * it; `one-or-all`: one visitor may cause it, so only several of them tell; `visitor`: them alone.
 */
export type Concerned = "everybody" | "one-or-all" | "visitor";

export class ProviderError extends Error {
	override readonly name: string = "ProviderError";
	readonly fault: ProviderFault;
	/** One of a closed set of the adapter. The locales have a sentence for the administrator. */
	readonly problem: string;
	/** Whether the provider had taken the visitor's proof before the fault, so that it is good for no other exchange. */
	readonly isProofSpent: boolean = false;
	readonly concerns: Concerned | undefined = undefined;

	constructor(fault: ProviderFault, problem: string, message: string) {
		super(message);
		this.fault = fault;
		this.problem = problem;
	}
}
