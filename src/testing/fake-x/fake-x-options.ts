/** An app, as its owner registers it at X. */
export interface FakeXApp {
	readonly apiKey: string;
	readonly apiKeySecret: string;
	/**
	 * The allowed callbacks, for both protocols. OAuth 1.0a ignores a query, OAuth 2.0 compares the whole address. An app
	 * without a callback can sign nobody in, as at X.
	 */
	readonly callbacks: readonly string[];
	/**
	 * `native` is the type "Native App", which may not sign anybody in by OAuth 1.0a. A suspended app gets X's error page in
	 * OAuth 2.0, which is an assumption. Active by default.
	 */
	readonly state?: "active" | "suspended" | "native";
	/** The app's switch "Sign in with X" for OAuth 1.0a. Without it, X asks every time. On by default. */
	readonly signInWithX?: boolean;
	/** X's "OAuth 2.0 Client ID". An app without it has OAuth 1.0a only. */
	readonly clientId?: string;
	/**
	 * X's "OAuth 2.0 Client Secret", which the token endpoint takes by HTTP Basic alone. An app without it is a public
	 * client: it sends its id in the body.
	 */
	readonly clientSecret?: string;
	/**
	 * The app's switch "Request email from users". Off, OAuth 1.0a gets no address, and a visitor with the scope
	 * `users.email` meets X's error page. On by default.
	 */
	readonly emailAllowed?: boolean;
	/** The name that the pages show. */
	readonly name?: string;
}

/** The handles that X has. Today it gives no more than 15 characters; early accounts kept longer ones. */
export const HANDLE = /^[A-Za-z0-9_]{1,20}$/;

/** An account at the fake X. */
export interface FakeXAccount {
	/** The decimal digits of a 64-bit number. A string, because many ids are above 2^53. */
	readonly id: string;
	/** As in {@link HANDLE} at X. Any text is allowed here, to see what a client makes of it. */
	readonly screenName: string;
	readonly name: string;
	/** A suspended or locked account can approve, but the calls about it are refused. That is an assumption. */
	readonly state?: "active" | "suspended" | "locked";
	readonly protected?: boolean;
	readonly description?: string;
	/** Null or absent for an account without a confirmed e-mail address. */
	readonly email?: string | null;
}

export interface FakeXOptions {
	/** 0, the default, takes any free port. */
	readonly port?: number;
	readonly apps: readonly FakeXApp[];
	/** The first one is logged in to X until the visitor chooses another. */
	readonly accounts: readonly FakeXAccount[];
	/**
	 * The address that clients call, if it differs from where the fake X listens: behind a proxy, or in the place of
	 * `https://api.x.com`. Clients sign the address that they call, and OAuth 2.0's metadata names it.
	 */
	readonly publicUrl?: string;
	/** Key and certificate in PEM. With them the fake X speaks https. */
	readonly tls?: { readonly key: string; readonly cert: string };
	/** Gives the time in milliseconds since the epoch. The system clock by default. */
	readonly clock?: { now(): number };
}
