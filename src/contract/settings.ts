import type { Secret } from "./secret.ts";

export type SettingValue = string | number | boolean;

/** The source of a value: set for the brand, set for all brands, or the default of the schema. */
export type SettingSource = "brand" | "default" | "schema";

/** The settings in force for one brand at this moment. */
export interface BrandSettings {
	/** Whether an administrator switched the plugin on for this brand (Settings, Users, Social Login). */
	readonly enabled: boolean;
	/** Every setting that has a value, including the schema's defaults and without `writeOnly` settings. */
	readonly values: Readonly<Record<string, SettingValue>>;
	/** The source of every value above. */
	readonly sources: Readonly<Record<string, SettingSource>>;
	/** Changes whenever anything above or a secret of the brand changes. */
	readonly version: string;
}

/** Plugins read them for each request, so that every node sees a change. */
export interface Settings {
	read(brandId: string): Promise<BrandSettings>;
}

/** The `writeOnly` settings. Hosts store them encrypted, never list them, and never send them to a browser. */
export interface Secrets {
	get(brandId: string, name: string): Promise<Secret | undefined>;
	/**
	 * Whether one is stored, even if the host cannot open it: `get` gives undefined then. In helpdesks of version 1.0 it says
	 * whether `get` gives one.
	 */
	has(brandId: string, name: string): Promise<boolean>;
}

/** What an administrator is about to save for one brand. It fits the plugin's settings schema. */
export interface SettingsChange {
	readonly brandId: string;
	/** The values after the change. */
	readonly values: Readonly<Record<string, SettingValue>>;
	/**
	 * The values that apply where the brand has none: those of all brands, and the schema's defaults. With them a plugin can
	 * ask for a value that is missing. Left out by helpdesks of version 1.0, for a change to all brands, and where stored
	 * settings are checked again.
	 */
	readonly inherited?: Readonly<Record<string, SettingValue>>;
	/** Only newly typed secrets, and `null` for removed ones. A secret that is not named keeps its stored value. */
	readonly secrets: Readonly<Record<string, Secret | null>>;
}

/** A reason to refuse a {@link SettingsChange}. Shown beside the field. */
export interface SettingsProblem {
	readonly setting: string;
	/** A key of the plugin's locales. */
	readonly message: string;
}
