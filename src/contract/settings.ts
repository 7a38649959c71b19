import type { Secret } from "./secret.ts";

export type SettingValue = string | number | boolean;

/** Where a value comes from: set for the brand, set for all brands, or the schema's own default. */
export type SettingSource = "brand" | "default" | "schema";

/** What is in force for one brand at this moment. */
export interface BrandSettings {
	/** Whether an administrator switched the plugin on for this brand (Settings, Users, Social Login). */
	readonly enabled: boolean;
	/** Every setting that has a value, defaults of the schema included, `writeOnly` ones left out. */
	readonly values: Readonly<Record<string, SettingValue>>;
	/** Of every value above. */
	readonly sources: Readonly<Record<string, SettingSource>>;
	/** Changes whenever anything above or a secret of the brand changes. */
	readonly version: string;
}

/** Read per request, so that every node sees a change without being told. */
export interface Settings {
	read(brandId: string): Promise<BrandSettings>;
}

/** The `writeOnly` settings: stored encrypted, never listed, never sent to a browser. */
export interface Secrets {
	get(brandId: string, name: string): Promise<Secret | undefined>;
	has(brandId: string, name: string): Promise<boolean>;
}

/** What an administrator is about to save for one brand, already valid by the plugin's settings schema. */
export interface SettingsChange {
	readonly brandId: string;
	/** As they would be afterwards. */
	readonly values: Readonly<Record<string, SettingValue>>;
	/** Only those typed anew, and `null` for those removed; one that is not named keeps what is stored. */
	readonly secrets: Readonly<Record<string, Secret | null>>;
}

/** A reason to refuse a {@link SettingsChange}, shown beside the field. */
export interface SettingsProblem {
	readonly setting: string;
	/** A key of the plugin's locales. */
	readonly message: string;
}
