/**
 * A visitor's request, as plain data. The host has already checked its CSRF field on every POST. It answers HEAD requests
 * and prefetches (`Sec-Purpose: prefetch`) itself, so that they never reach a login hook.
 */
export interface LoginRequest {
	readonly brandId: string;
	readonly method: "GET" | "POST";
	/** Decoded, in the order in which they were sent, with repeated names. Untrusted. */
	readonly query: readonly FormField[];
	/** Decoded, in the order in which they were sent, with repeated names; empty for GET. Untrusted. */
	readonly form: readonly FormField[];
	/** This plugin's cookies of this brand, by the names that the plugin gave them. Untrusted. */
	readonly cookies: Readonly<Record<string, string>>;
	/** BCP 47. The visitor's language, as far as the host knows it. */
	readonly locale: string;
	/** The visitor's IP address, as the host established it from the connection and its trusted proxies. */
	readonly clientAddress: string;
	/**
	 * The network of that address, by which attempts are counted: an IPv4 address, or the /64 of an IPv6 address. A helpdesk
	 * of contract 1.0 leaves it out. Count by the address then.
	 */
	readonly clientNetwork?: string;
	/** The user who is logged in to the portal in this browser. */
	readonly currentUser: CurrentUser | undefined;
	/**
	 * `try`: an operator tries the log-in, see `PluginModule.startIntents`. The host sets it for `startLogin` once it has
	 * checked that an operator asks. It never takes it from the form. Since version 1.3.
	 */
	readonly intent?: "try";
}

export interface CurrentUser {
	readonly id: string;
	/** When they last proved who they are, by logging in or typing their password again. Milliseconds since the epoch. */
	readonly provenAt: number;
}

/** Query and form are lists of these pairs in the order in which they were sent, so that repeated names are kept. */
export type FormField = readonly [name: string, value: string];
