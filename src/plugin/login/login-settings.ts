import type { Credentials } from "./identity-provider.ts";

export type LoginMode = "login-and-signup" | "login-only";

export interface BrandLogin {
	/** Switched on by an administrator, keys or not. */
	readonly enabled: boolean;
	readonly mode: LoginMode;
	/** Undefined until a usable key and secret are stored. */
	readonly credentials: Credentials | undefined;
}

/** What the administrator chose for a brand, in the terms of the log-in. */
export interface LoginSettings {
	read(brandId: string): Promise<BrandLogin>;
}
