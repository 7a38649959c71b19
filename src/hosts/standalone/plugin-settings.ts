import type { Secret } from "../../contract/secret.ts";
import type { BrandSettings, Secrets, Settings, SettingValue } from "../../contract/settings.ts";
import type { SettingsSchema } from "../../contract/settings-schema.ts";
import type { HostStorage } from "../../contract/storage.ts";
import type { Vault } from "./vault.ts";

interface Stored {
	readonly [name: string]: boolean | Readonly<Record<string, SettingValue>>;
	readonly enabled: boolean;
	readonly values: Readonly<Record<string, SettingValue>>;
	/** Encrypted. */
	readonly secrets: Readonly<Record<string, string>>;
}

const NOTHING: Stored = { enabled: false, values: {}, secrets: {} };

/** What an administrator set for one plugin: one record a brand, changed as a whole. */
export class PluginSettings implements Settings, Secrets {
	constructor(
		private readonly storage: HostStorage,
		private readonly schema: SettingsSchema,
		private readonly vault: Vault,
	) {}

	async read(brandId: string): Promise<BrandSettings> {
		const { stored, version } = await this.load(brandId);
		const defaults = Object.entries(this.schema.properties).flatMap(
			([name, setting]): [string, SettingValue][] =>
				setting.default === undefined ? [] : [[name, setting.default]],
		);
		const values = { ...Object.fromEntries(defaults), ...stored.values };
		return { enabled: stored.enabled, values, version: version ?? "" };
	}

	async get(brandId: string, name: string): Promise<Secret | undefined> {
		const sealed = (await this.load(brandId)).stored.secrets[name];
		return sealed === undefined ? undefined : this.vault.open(sealed, placeOf(brandId, name));
	}

	async has(brandId: string, name: string): Promise<boolean> {
		return name in (await this.load(brandId)).stored.secrets;
	}

	/** Whether every setting that the schema requires has a value. */
	async isComplete(brandId: string): Promise<boolean> {
		const { values } = await this.read(brandId);
		const { secrets } = (await this.load(brandId)).stored;
		return (this.schema.required ?? []).every((name) => name in values || name in secrets);
	}

	/** Keeps the secrets that are not named. */
	async save(
		brandId: string,
		values: Readonly<Record<string, SettingValue>>,
		secrets: Readonly<Record<string, Secret>>,
	): Promise<void> {
		const sealed = Object.entries(secrets).map(([name, value]) => [
			name,
			this.vault.seal(value, placeOf(brandId, name)),
		]);
		await this.change(brandId, (stored) => ({
			...stored,
			values,
			secrets: { ...stored.secrets, ...Object.fromEntries(sealed) },
		}));
	}

	async enable(brandId: string, enabled: boolean): Promise<void> {
		await this.change(brandId, (stored) => ({ ...stored, enabled }));
	}

	private async load(brandId: string): Promise<{ stored: Stored; version: string | null }> {
		const entry = await this.storage.get([brandId]);
		return {
			stored: (entry?.value as Stored | undefined) ?? NOTHING,
			version: entry?.version ?? null,
		};
	}

	private async change(brandId: string, change: (stored: Stored) => Stored): Promise<void> {
		let done = false;
		while (!done) {
			const { stored, version } = await this.load(brandId);
			done = await this.storage.commit({
				checks: [{ key: [brandId], version }],
				sets: [{ key: [brandId], value: change(stored) }],
			});
		}
	}
}

function placeOf(brandId: string, name: string): string {
	return `${brandId}/${name}`;
}
