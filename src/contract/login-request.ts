/**
 * A visitor's request, as plain data. The host has already checked its own CSRF field on every POST, and
 * answers HEAD requests and prefetches (`Sec-Purpose: prefetch`) itself: they never reach a login hook.
 */
export interface LoginRequest {
	readonly brandId: string;
	readonly method: "GET" | "POST";
	/** Decoded, in the order sent, repeated names repeated. Untrusted. */
	readonly query: readonly FormField[];
	/** Decoded, in the order sent, repeated names repeated; empty on GET. Untrusted. */
	readonly form: readonly FormField[];
	/** This plugin's own cookies of this brand, by the bare names it gave them. Untrusted. */
	readonly cookies: Readonly<Record<string, string>>;
	/** BCP 47, what the visitor reads best as far as the host knows. */
	readonly locale: string;
	/** As the host established it, behind its trusted proxies. */
	readonly clientAddress: string;
	/** Who is signed in to the portal in this browser. */
	readonly currentUser: CurrentUser | undefined;
}

export interface CurrentUser {
	readonly id: string;
	/** When they last proved who they are: signed in, or typed their password again. Milliseconds since the epoch. */
	readonly provenAt: number;
}

export type FormField = readonly [name: string, value: string];
