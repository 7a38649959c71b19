import type { Clock } from "../../contract/clock.ts";
import type { Secret } from "../../contract/secret.ts";
import type {
	BrandSettings,
	Secrets,
	SettingSource,
	Settings,
	SettingValue,
} from "../../contract/settings.ts";
import { isInUse, type SettingsSchema } from "../../contract/settings-schema.ts";
import type { HostStorage } from "../../contract/storage.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import {
	orUnreadable,
	readableEntries,
	readEntry,
	UnreadableValueError,
} from "../../storage/stored-value.ts";
import { STORED_SETTINGS, type StoredSecret, type StoredSettings } from "./stored-settings.ts";
import type { Vault } from "./vault.ts";

/** The id for the settings of all brands, which apply where a brand sets nothing. No brand has this id. */
export const ALL_BRANDS = "*";

interface Loaded {
	readonly stored: StoredSettings;
	/** The version of the entry; null where nothing is stored. */
	readonly version: string | null;
}

/** What an administrator typed. A secret that is not named stays; `null` removes it. */
export interface SettingsEntry {
	readonly values: Readonly<Record<string, SettingValue>>;
	readonly secrets: Readonly<Record<string, Secret | null>>;
}

/** What may be shown of a secret. */
export interface SecretState {
	readonly source: "brand" | "default";
	/** Milliseconds since the epoch. */
	readonly setAt: number;
	/** Its last characters; empty for a secret that is too short to show any. */
	readonly ends: string;
	/** False when no key opens it. Then an administrator has to save it again, or put the old key back. */
	readonly readable: boolean;
}

/** A setting that the schema requires, or a secret that was stored, without a value that the plugin could use. */
export interface MissingSetting {
	readonly name: string;
	/** A secret is stored, but no key opens it. */
	readonly isSealed: boolean;
}

const NOTHING: StoredSettings = { enabled: false, values: {}, secrets: {} };
const SHOWN_CHARACTERS = 4;
/** The length from which a secret may show its last characters. */
const LONG_ENOUGH = 16;

/** What an administrator set for one plugin: a record for each brand and one for all brands, each changed as a whole. */
export class PluginSettings implements Settings, Secrets {
	private readonly looks = new Map<string, Promise<Loaded>>();

	constructor(
		private readonly storage: HostStorage,
		private readonly schema: SettingsSchema,
		private readonly vault: Vault,
		private readonly clock: Clock,
		/**
		 * Called for a secret that no key opens, and for stored settings that cannot be read. Such a secret counts as
		 * not set until it is saved again.
		 */
		private readonly report: (what: string, error: unknown) => void,
	) {}

	/** The settings in force for a brand. For {@link ALL_BRANDS}, those in force for a brand that sets nothing. */
	async read(brandId: string): Promise<BrandSettings> {
		const [own, common] = await Promise.all([this.load(brandId), this.load(ALL_BRANDS)]);
		const values: Record<string, SettingValue> = {};
		const sources: Record<string, SettingSource> = {};
		for (const [name, setting] of Object.entries(this.schema.properties)) {
			const found = [
				[own.stored.values[name], "brand"],
				[common.stored.values[name], "default"],
				[setting.default, "schema"],
			] as const;
			for (const [value, source] of found) {
				if (value !== undefined && !(name in values)) {
					values[name] = value;
					sources[name] = brandId === ALL_BRANDS && source === "brand" ? "default" : source;
				}
			}
		}
		const version = `${own.version ?? ""} ${common.version ?? ""}`;
		return { enabled: own.stored.enabled, values, sources, version };
	}

	async get(brandId: string, name: string): Promise<Secret | undefined> {
		const found = await this.findSecret(brandId, name);
		if (found === undefined) {
			return undefined;
		}
		try {
			return this.vault.open(found.secret.sealed, placeOf(found.holder, name));
		} catch (error) {
			this.report("a stored secret cannot be used", error);
			return undefined;
		}
	}

	async has(brandId: string, name: string): Promise<boolean> {
		return (await this.findSecret(brandId, name)) !== undefined;
	}

	/** @returns undefined where no secret is in force. */
	async secretState(brandId: string, name: string): Promise<SecretState | undefined> {
		const found = await this.findSecret(brandId, name);
		if (found === undefined) {
			return undefined;
		}
		const { holder, secret } = found;
		const source = holder === brandId && brandId !== ALL_BRANDS ? "brand" : "default";
		let text = "";
		let readable = true;
		try {
			text = this.vault.open(secret.sealed, placeOf(holder, name)).reveal();
		} catch {
			// A secret that no key opens can still be replaced or removed.
			readable = false;
		}
		const ends = text.length < LONG_ENOUGH ? "" : text.slice(-SHOWN_CHARACTERS);
		return { source, setAt: secret.setAt, ends, readable };
	}

	/** What was set for one brand or for all, even what the schema does not know. Leaves out secrets that no key opens. */
	async stored(brandId: string): Promise<{
		/** The version of the entry; null where nothing is stored. */
		readonly version: string | null;
		readonly values: Readonly<Record<string, SettingValue>>;
		readonly secrets: Readonly<Record<string, Secret>>;
	}> {
		const { stored, version } = await this.load(brandId);
		const secrets: Record<string, Secret> = {};
		for (const [name, { sealed }] of Object.entries(stored.secrets)) {
			try {
				secrets[name] = this.vault.open(sealed, placeOf(brandId, name));
			} catch {
				// An administrator has to enter it again, whatever the version of the plugin.
			}
		}
		return { version, values: stored.values, secrets };
	}

	/** Whether the plugin has every setting that it needs. */
	async isComplete(brandId: string): Promise<boolean> {
		return (await this.missing(brandId))?.length === 0;
	}

	/**
	 * What is still needed before the plugin can work for a brand, with the values in force there. A stored secret that no
	 * key opens is needed, too: without it the plugin would work in another way than the administrator chose.
	 *
	 * @returns undefined where stored settings cannot be read, which is reported.
	 */
	async missing(brandId: string): Promise<MissingSetting[] | undefined> {
		const read = await orUnreadable(() => this.read(brandId));
		if (read instanceof UnreadableValueError) {
			this.report("the settings of a brand cannot be used", read);
			return undefined;
		}
		const { values } = read;
		const missing: MissingSetting[] = [];
		const required = new Set(this.schema.required);
		for (const [name, setting] of Object.entries(this.schema.properties)) {
			if (name in values || !isInUse(setting, values)) {
				continue;
			}
			const secret = setting.writeOnly ? await this.secretState(brandId, name) : undefined;
			if (secret === undefined ? required.has(name) : !secret.readable) {
				missing.push({ name, isSealed: secret !== undefined });
			}
		}
		return missing;
	}

	/** Stores the settings that the schema knows. Others stay, for a version of the plugin that knows them. */
	async save(brandId: string, { values, secrets }: SettingsEntry): Promise<void> {
		const changed = Object.entries(secrets);
		const removed = new Set(changed.flatMap(([name, value]) => (value === null ? [name] : [])));
		const set = changed.flatMap(([name, value]): [string, StoredSecret][] =>
			value === null
				? []
				: [
						[
							name,
							{
								sealed: this.vault.seal(value, placeOf(brandId, name)),
								setAt: this.clock.now(),
							},
						],
					],
		);
		await this.change(brandId, (stored) => {
			const kept = Object.entries(stored.secrets).filter(([name]) => !removed.has(name));
			const unknown = Object.entries(stored.values).filter(
				([name]) => !Object.hasOwn(this.schema.properties, name),
			);
			return {
				...stored,
				values: { ...Object.fromEntries(unknown), ...values },
				secrets: Object.fromEntries([...kept, ...set]),
			};
		});
	}

	async enable(brandId: string, enabled: boolean): Promise<void> {
		await this.change(brandId, (stored) => ({ ...stored, enabled }));
	}

	/** Seals secrets with the first key where another key sealed them. Afterwards the other key is no longer needed. */
	async reseal(): Promise<void> {
		const { entries } = await this.storage.list([]);
		for (const { key, value } of readableEntries(entries, STORED_SETTINGS, this.report)) {
			const holder = key[0] ?? "";
			if (Object.values(value.secrets).some(({ sealed }) => this.vault.isOutdated(sealed))) {
				await this.change(holder, (stored) => ({
					...stored,
					secrets: this.resealed(holder, stored),
				}));
			}
		}
	}

	private resealed(holder: string, { secrets }: StoredSettings): StoredSettings["secrets"] {
		return Object.fromEntries(
			Object.entries(secrets).map(([name, secret]) => [
				name,
				{ ...secret, sealed: this.vault.resealed(secret.sealed, placeOf(holder, name)) },
			]),
		);
	}

	private async findSecret(
		brandId: string,
		name: string,
	): Promise<{ holder: string; secret: StoredSecret } | undefined> {
		for (const holder of [brandId, ALL_BRANDS]) {
			const { secrets } = (await this.load(holder)).stored;
			const secret = secrets[name];
			// A plugin may ask for any name, `constructor` among them.
			if (secret !== undefined && Object.hasOwn(secrets, name)) {
				return { holder, secret };
			}
		}
		return undefined;
	}

	/**
	 * Calls in one turn of the event loop share one read, because a plugin asks for a brand's settings and its secret
	 * at once.
	 */
	private load(brandId: string): Promise<Loaded> {
		const shared = this.looks.get(brandId);
		if (shared !== undefined) {
			return shared;
		}
		const look = this.look(brandId);
		this.looks.set(brandId, look);
		queueMicrotask(() => this.looks.delete(brandId));
		return look;
	}

	private async look(brandId: string): Promise<Loaded> {
		const entry = await this.storage.get([brandId]);
		return {
			stored: entry === undefined ? NOTHING : readEntry(entry, STORED_SETTINGS),
			version: entry?.version ?? null,
		};
	}

	private async change(
		brandId: string,
		change: (stored: StoredSettings) => StoredSettings,
	): Promise<void> {
		await updateEntry(this.storage, async () => {
			const { stored, version } = await this.load(brandId);
			return {
				commit: {
					checks: [{ key: [brandId], version }],
					sets: [{ key: [brandId], value: change(stored) }],
				},
				result: undefined,
			};
		});
	}
}

function placeOf(brandId: string, name: string): string {
	return `${brandId}/${name}`;
}
