/** An app as its owner registers it at X. */
export interface FakeXApp {
	readonly apiKey: string;
	readonly apiKeySecret: string;
	/** The callback allowlist. An app without one can sign nobody in, as at X. */
	readonly callbacks: readonly string[];
	/** `native`: of the type "Native App", which may not sign anybody in. Active unless told otherwise. */
	readonly state?: "active" | "suspended" | "native";
	/** The app's switch "Sign in with X": without it X asks every time. On unless told otherwise. */
	readonly signInWithX?: boolean;
	/** For OAuth 2.0; an app without a secret is a public client. */
	readonly clientId?: string;
	readonly clientSecret?: string;
	/** The app's switch "Request email from users". On unless told otherwise. */
	readonly emailAllowed?: boolean;
	/** What the pages call the app. */
	readonly name?: string;
}

/** Somebody with an account at the fake X. */
export interface FakeXAccount {
	/** The decimal digits of a 64-bit number; a string, because many are above 2^53. */
	readonly id: string;
	readonly screenName: string;
	readonly name: string;
	/** Suspended and locked ones can still approve, and are refused by the calls about them: an assumption. */
	readonly state?: "active" | "suspended" | "locked";
	readonly protected?: boolean;
	readonly description?: string;
	/** Null or absent for an account that has no confirmed e-mail address. */
	readonly email?: string | null;
}

export interface FakeXOptions {
	/** 0, the default, takes any free port. */
	readonly port?: number;
	readonly apps: readonly FakeXApp[];
	/** The first one is signed in at X until the visitor chooses another. */
	readonly accounts: readonly FakeXAccount[];
	/**
	 * The address that clients call, if another one than where it listens: behind a proxy, or in the place of
	 * `https://api.x.com`. Signatures are for the address that is called.
	 */
	readonly publicUrl?: string;
	/** PEM; speaks https then. */
	readonly tls?: { readonly key: string; readonly cert: string };
	/** Milliseconds since the epoch; the system clock unless given. */
	readonly clock?: { now(): number };
}
