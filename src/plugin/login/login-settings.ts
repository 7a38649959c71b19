import type { Credentials } from "./provider/identity-provider.ts";

export type LoginMode = "login-and-signup" | "login-only" | "link-only";

/**
 * What it takes to link an X account to an account with the same address: that the visitor proves the account is
 * theirs, or (where both sides confirmed the address) only that they want it.
 */
export type LinkingPolicy = "prove" | "trust-confirmed";

export interface BrandLogin {
	/** Switched on by an administrator, keys or not. */
	readonly enabled: boolean;
	readonly mode: LoginMode;
	readonly linking: LinkingPolicy;
	/** Domains whose addresses may make accounts; empty: all but the blocked ones. Subdomains are included. */
	readonly allowedDomains: readonly string[];
	readonly blockedDomains: readonly string[];
	/** Undefined until a usable key and secret are stored. */
	readonly credentials: Credentials | undefined;
}

/** What the administrator chose for a brand, in the terms of the log-in. */
export interface LoginSettings {
	read(brandId: string): Promise<BrandLogin>;
}
