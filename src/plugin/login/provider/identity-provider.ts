import type { FormField } from "../../../contract/login-request.ts";
import type { Secret } from "../../../contract/secret.ts";
import type { ProviderCalls } from "./provider-calls.ts";

/** What the administrator got from X for one app. */
export interface Credentials {
	readonly apiKey: string;
	readonly apiKeySecret: Secret;
}

/** RFC 5849's temporary credentials, and where to send the visitor with them. */
export interface RequestToken {
	readonly token: string;
	readonly tokenSecret: Secret;
	readonly authorizeUrl: string;
}

/** What a browser brought back from the provider. `token` is that of the {@link RequestToken}. */
export type Callback =
	| { readonly kind: "approved"; readonly token: string; readonly verifier: Secret }
	| { readonly kind: "denied"; readonly token: string }
	| { readonly kind: "malformed" };

/** Whom the provider named. Good for one {@link IdentityProvider.readProfile}, then to be dropped. */
export interface Identity {
	/** Permanent and never reused: `x:2244994945`. */
	readonly id: string;
	/** Changeable and resold: for display only. */
	readonly handle: string;
	readonly accessToken: string;
	readonly accessTokenSecret: Secret;
}

/**
 * What the visitor sees first: `sign-in` nothing, if they came here before; `grants` what the app may see, to be
 * confirmed anew; `other-account` the log-in form.
 */
export type ProviderScreen = "sign-in" | "grants" | "other-account";

export interface Profile {
	/** Cleaned for display; the handle where there is none. */
	readonly name: string;
	/** Confirmed by the provider, and canonical; undefined when it has none, keeps it, or could not be asked. */
	readonly email: string | undefined;
	/** Why there is no profile; one of the adapter's closed set. */
	readonly problem?: string;
}

/** Rejections are `ProviderError`s. Every call is made within its {@link ProviderCalls}, and by their deadline. */
export interface IdentityProvider {
	/** How far the host's clock is behind the provider's, by its last answer; undefined before any. */
	readonly skewMs: number | undefined;

	/** One call, or two where the first one was lost on the way. */
	requestToken(
		credentials: Credentials,
		callbackUrl: string,
		screen: ProviderScreen,
		calls: ProviderCalls,
	): Promise<RequestToken>;
	/** Reads the query of a callback, by the provider's names of parameters. Makes no call. */
	readCallback(query: readonly FormField[]): Callback;
	/** One call, never repeated: a verifier is good for one exchange (RFC 5849 section 2.3). */
	exchange(
		credentials: Credentials,
		requestToken: { readonly token: string; readonly tokenSecret: Secret },
		verifier: Secret,
		calls: ProviderCalls,
	): Promise<Identity>;
	/**
	 * One call, or two where the first one was lost on the way. A provider that refuses it, or does not answer, gives a
	 * profile without e-mail: it has named the visitor already.
	 */
	readProfile(credentials: Credentials, identity: Identity, calls: ProviderCalls): Promise<Profile>;
}

/**
 * Why the provider did not do its part: `unavailable` will pass by itself, `misconfigured` needs the
 * administrator, `rejected` concerns this visitor's attempt, the others their account at the provider.
 */
export type ProviderFault =
	| "unavailable"
	| "misconfigured"
	| "rejected"
	| "account-suspended"
	| "account-locked";

export class ProviderError extends Error {
	override readonly name: string = "ProviderError";
	readonly fault: ProviderFault;
	/** One of a closed set of the adapter; its sentence for the administrator is in the locales. */
	readonly problem: string;

	constructor(fault: ProviderFault, problem: string, message: string) {
		super(message);
		this.fault = fault;
		this.problem = problem;
	}
}
