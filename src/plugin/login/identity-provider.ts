import type { Secret } from "../../contract/secret.ts";

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

/** Whom the provider named. Good for one {@link IdentityProvider.readProfile}, then to be dropped. */
export interface Identity {
	/** Permanent and never reused: `x:2244994945`. */
	readonly id: string;
	/** Changeable and resold: for display only. */
	readonly handle: string;
	readonly accessToken: string;
	readonly accessTokenSecret: Secret;
}

export interface Profile {
	/** Cleaned for display; the handle where there is none. */
	readonly name: string;
	/** Confirmed by the provider; undefined when it has none, keeps it, or could not be asked. */
	readonly email: string | undefined;
}

/** Rejections are `ProviderError`s. */
export interface IdentityProvider {
	/** One call. */
	requestToken(credentials: Credentials, callbackUrl: string): Promise<RequestToken>;
	/** One call, never repeated: a verifier is good for one exchange (RFC 5849 section 2.3). */
	exchange(
		credentials: Credentials,
		requestToken: { readonly token: string; readonly tokenSecret: Secret },
		verifier: Secret,
	): Promise<Identity>;
	/** One call. A provider that refuses it gives a profile without e-mail. */
	readProfile(credentials: Credentials, identity: Identity): Promise<Profile>;
}

/**
 * Why the provider did not do its part: `unavailable` will pass by itself, `misconfigured` needs the
 * administrator, `rejected` concerns this visitor's attempt.
 */
export type ProviderFault = "unavailable" | "misconfigured" | "rejected";

export class ProviderError extends Error {
	override readonly name: string = "ProviderError";
	readonly fault: ProviderFault;

	constructor(fault: ProviderFault, message: string, options?: { cause: unknown }) {
		super(message, options);
		this.fault = fault;
	}
}
