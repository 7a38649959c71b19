import { type Secret, secret } from "../../contract/secret.ts";
import type {
	BrandSettings,
	Secrets,
	SettingSource,
	Settings,
	SettingValue,
} from "../../contract/settings.ts";
import type { SettingsSchema } from "../../contract/settings-schema.ts";

interface Saved {
	readonly enabled: boolean;
	readonly values: ReadonlyMap<string, SettingValue>;
	readonly secrets: ReadonlyMap<string, Secret>;
	readonly version: number;
}

const NOTHING: Saved = { enabled: false, values: new Map(), secrets: new Map(), version: 0 };
/** The key of the settings for all brands. */
const ALL_BRANDS = Symbol("all brands");

/** The settings that the mock host's administrator saves for a brand or for all brands. */
export class MockSettings implements Settings, Secrets {
	private readonly brands = new Map<string | symbol, Saved>();

	constructor(private readonly schema: SettingsSchema) {}

	/** Saves settings and secrets (`writeOnly`) of a brand and keeps the others. `null` removes a value. */
	save(brandId: string, settings: Readonly<Record<string, SettingValue | null>>): void {
		this.change(brandId, settings);
	}

	/** Saves settings for all brands. A brand's own settings come first. */
	saveForAll(settings: Readonly<Record<string, SettingValue | null>>): void {
		this.change(ALL_BRANDS, settings);
	}

	/** Switches the plugin on or off for a brand. */
	enable(brandId: string, enabled = true): void {
		const saved = this.saved(brandId);
		this.brands.set(brandId, { ...saved, enabled, version: saved.version + 1 });
	}

	async read(brandId: string): Promise<BrandSettings> {
		const [own, common] = [this.saved(brandId), this.saved(ALL_BRANDS)];
		const found = new Map<string, readonly [SettingValue, SettingSource]>();
		for (const [name, setting] of Object.entries(this.schema.properties)) {
			if (setting.default !== undefined) {
				found.set(name, [setting.default, "schema"]);
			}
		}
		for (const [name, value] of common.values) {
			found.set(name, [value, "default"]);
		}
		for (const [name, value] of own.values) {
			found.set(name, [value, "brand"]);
		}
		return {
			enabled: own.enabled,
			values: Object.fromEntries([...found].map(([name, [value]]) => [name, value])),
			sources: Object.fromEntries([...found].map(([name, [, source]]) => [name, source])),
			version: `${own.version}.${common.version}`,
		};
	}

	async get(brandId: string, name: string): Promise<Secret | undefined> {
		return this.saved(brandId).secrets.get(name) ?? this.saved(ALL_BRANDS).secrets.get(name);
	}

	async has(brandId: string, name: string): Promise<boolean> {
		return (await this.get(brandId, name)) !== undefined;
	}

	private change(
		place: string | symbol,
		settings: Readonly<Record<string, SettingValue | null>>,
	): void {
		const saved = this.saved(place);
		const values = new Map(saved.values);
		const secrets = new Map(saved.secrets);
		for (const [name, value] of Object.entries(settings)) {
			const isSecret = this.schema.properties[name]?.writeOnly === true;
			if (value === null) {
				(isSecret ? secrets : values).delete(name);
			} else if (isSecret) {
				secrets.set(name, secret(String(value)));
			} else {
				values.set(name, value);
			}
		}
		this.brands.set(place, { ...saved, values, secrets, version: saved.version + 1 });
	}

	private saved(place: string | symbol): Saved {
		return this.brands.get(place) ?? NOTHING;
	}
}
