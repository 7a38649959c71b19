// Written by build.mjs from settings-schema.json.

/** What the schema allows, secrets left out and defaults filled in. */
export interface VisibleSettings {
	readonly protocol: "oauth1" | "oauth2" | "oauth2-else-oauth1";
	readonly apiKey?: string;
	readonly clientId?: string;
	readonly mode: "login-and-signup" | "login-only" | "link-only";
	readonly allowedDomains: string;
	readonly blockedDomains: string;
	readonly linking: "prove" | "trust-confirmed";
}

export const validateSettings: {
	(values: unknown): values is VisibleSettings;
	/** The name of the setting that was refused last; empty if the settings as a whole were refused. */
	readonly errors: string;
};
