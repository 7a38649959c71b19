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
	enabled: boolean;
	values: Record<string, SettingValue>;
	secrets: Record<string, Secret>;
	version: number;
}

/** What the administrator of the mock host set, per brand. */
export class MockSettings implements Settings, Secrets {
	private readonly brands = new Map<string, Saved>();

	constructor(private readonly schema: SettingsSchema) {}

	/** Saves some settings of a brand, secrets (`writeOnly`) among them, and keeps the others. */
	save(brandId: string, settings: Readonly<Record<string, SettingValue>>): void {
		const saved = this.saved(brandId);
		for (const [name, value] of Object.entries(settings)) {
			if (this.schema.properties[name]?.writeOnly) {
				saved.secrets[name] = secret(String(value));
			} else {
				saved.values[name] = value;
			}
		}
		saved.version += 1;
	}

	/** Switches the plugin on or off for a brand. */
	enable(brandId: string, enabled = true): void {
		const saved = this.saved(brandId);
		saved.enabled = enabled;
		saved.version += 1;
	}

	async read(brandId: string): Promise<BrandSettings> {
		const { enabled, values, version } = this.saved(brandId);
		const defaults: Record<string, SettingValue> = {};
		const sources: Record<string, SettingSource> = {};
		for (const [name, setting] of Object.entries(this.schema.properties)) {
			if (setting.default !== undefined) {
				defaults[name] = setting.default;
				sources[name] = "schema";
			}
		}
		for (const name of Object.keys(values)) {
			sources[name] = "brand";
		}
		return { enabled, values: { ...defaults, ...values }, sources, version: String(version) };
	}

	async get(brandId: string, name: string): Promise<Secret | undefined> {
		return this.saved(brandId).secrets[name];
	}

	async has(brandId: string, name: string): Promise<boolean> {
		return name in this.saved(brandId).secrets;
	}

	private saved(brandId: string): Saved {
		const saved = this.brands.get(brandId) ?? {
			enabled: false,
			values: {},
			secrets: {},
			version: 0,
		};
		this.brands.set(brandId, saved);
		return saved;
	}
}
