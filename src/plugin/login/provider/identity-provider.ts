import type { FormField } from "../../../contract/login-request.ts";
import type { Secret } from "../../../contract/secret.ts";
import type { ProviderCalls } from "./provider-calls.ts";

/** The keys of an app, which the administrator got from X. */
export interface Credentials {
	readonly apiKey: string;
	readonly apiKeySecret: Secret;
}

/** RFC 5849's temporary credentials, and the address to send the visitor to. */
export interface RequestToken {
	readonly token: string;
	readonly tokenSecret: Secret;
	readonly authorizeUrl: string;
}

/** The query that a browser brought back from the provider. `token` is that of the {@link RequestToken}. */
export type Callback =
	| { readonly kind: "approved"; readonly token: string; readonly verifier: Secret }
	| { readonly kind: "denied"; readonly token: string }
	| { readonly kind: "malformed" };

/** The identity that the provider named. Use it for one {@link IdentityProvider.readProfile}, then drop it. */
export interface Identity {
	/** Permanent and never reused: `x:2244994945`. */
	readonly id: string;
	/** The handle, for display only and cleaned for it; the digits of the id if there is none. Handles change and are resold. */
	readonly handle: string;
	readonly accessToken: string;
	readonly accessTokenSecret: Secret;
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

	/** Makes one call, or two if the first one was lost. */
	requestToken(
		credentials: Credentials,
		callbackUrl: string,
		screen: ProviderScreen,
		calls: ProviderCalls,
	): Promise<RequestToken>;
	/** Reads the query of a callback, by the parameter names of the provider. Makes no call. */
	readCallback(query: readonly FormField[]): Callback;
	/** Makes one call, which is never repeated: a verifier is good for one exchange (RFC 5849 section 2.3). */
	exchange(
		credentials: Credentials,
		requestToken: { readonly token: string; readonly tokenSecret: Secret },
		verifier: Secret,
		calls: ProviderCalls,
	): Promise<Identity>;
	/**
	 * Makes one call, or two if the first one was lost. If the provider refuses or does not answer, the result is a
	 * profile without e-mail: the provider has named the visitor already.
	 */
	readProfile(credentials: Credentials, identity: Identity, calls: ProviderCalls): Promise<Profile>;
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

export class ProviderError extends Error {
	override readonly name: string = "ProviderError";
	readonly fault: ProviderFault;
	/** One of a closed set of the adapter. The locales have a sentence for the administrator. */
	readonly problem: string;

	constructor(fault: ProviderFault, problem: string, message: string) {
		super(message);
		this.fault = fault;
		this.problem = problem;
	}
}
