import type { Credentials, Protocol } from "./provider/identity-provider.ts";

export type LoginMode = "login-and-signup" | "login-only" | "link-only";

/**
 * The condition for linking an X account to an account with the same address: the visitor proves that the account is
 * theirs, or (if both sides confirmed the address) only agrees.
 */
export type LinkingPolicy = "prove" | "trust-confirmed";

export interface BrandLogin {
	/** Whether an administrator switched it on, with or without keys. */
	readonly enabled: boolean;
	readonly mode: LoginMode;
	readonly linking: LinkingPolicy;
	/** Domains whose addresses can sign up; empty: all except the blocked ones. Subdomains are included. */
	readonly allowedDomains: readonly string[];
	readonly blockedDomains: readonly string[];
	/** The protocols that the administrator chose, the first choice first, with or without keys. */
	readonly chosen: readonly Protocol[];
	/**
	 * The keys to begin a log-in with, those of the first choice first. Those of another protocol while the chosen ones are
	 * missing. Empty until keys are stored.
	 */
	readonly ways: readonly Credentials[];
	/** The keys that are stored for a protocol, whether or not a log-in begins with it: one under way finishes with it. */
	readonly credentials: Readonly<Partial<Record<Protocol, Credentials>>>;
}

/** Reads what the administrator chose for a brand. */
export interface LoginSettings {
	read(brandId: string): Promise<BrandLogin>;
}
