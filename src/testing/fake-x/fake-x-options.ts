/** An app as its owner registers it at X. */
export interface FakeXApp {
	readonly apiKey: string;
	readonly apiKeySecret: string;
	/** The callback allowlist. An app without one can sign nobody in, as at X. */
	readonly callbacks: readonly string[];
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
	/** Null or absent for an account that has no confirmed e-mail address. */
	readonly email?: string | null;
}

export interface FakeXOptions {
	/** 0, the default, takes any free port. */
	readonly port?: number;
	readonly apps: readonly FakeXApp[];
	/** The first one is signed in at X until the visitor chooses another. */
	readonly accounts: readonly FakeXAccount[];
	/** Milliseconds since the epoch; the system clock unless given. */
	readonly clock?: { now(): number };
}
