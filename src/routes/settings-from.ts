import { type Secret, secret } from "../contract/secret.ts";
import type {
	BrandSettings,
	Secrets,
	SettingSource,
	Settings,
	SettingValue,
} from "../contract/settings.ts";
import type { SettingSchema, SettingsSchema } from "../contract/settings-schema.ts";

/** What an administrator set. Null and undefined: nothing. What the schema does not know is left out. */
interface EnteredSettings {
	readonly values?: Readonly<Record<string, SettingValue | null | undefined>>;
	/** The `writeOnly` settings. */
	readonly secrets?: Readonly<Record<string, string | Secret | null | undefined>>;
}

/** What a helpdesk has stored for a plugin at one brand. */
export interface StoredBrandSettings extends EnteredSettings {
	/** Whether an administrator switched the plugin on for the brand. */
	readonly enabled: boolean;
	/** The settings of all brands, which apply where the brand sets nothing. Left out: there are none. */
	readonly allBrands?: EnteredSettings;
}

/**
 * Makes the settings and secrets ports of a plugin from what the helpdesk has stored.
 *
 * @param schema the plugin's, as the loader read it.
 * @param read called for each look of the plugin, so that every node sees a change. Undefined: there is nothing for the
 * brand, and the plugin is off.
 */
export function settingsFrom(
	schema: SettingsSchema,
	read: (
		brandId: string,
	) => StoredBrandSettings | undefined | Promise<StoredBrandSettings | undefined>,
): { readonly settings: Settings; readonly secrets: Secrets } {
	const storedAt = async (brandId: string): Promise<StoredBrandSettings> =>
		(await read(brandId)) ?? { enabled: false };
	const get = async (brandId: string, name: string): Promise<Secret | undefined> => {
		const text = secretIn(schema, await storedAt(brandId), name);
		return text === undefined ? undefined : secret(text);
	};
	return {
		settings: { read: async (brandId) => inForce(schema, await storedAt(brandId)) },
		secrets: { get, has: async (brandId, name) => (await get(brandId, name)) !== undefined },
	};
}

async function inForce(
	schema: SettingsSchema,
	stored: StoredBrandSettings,
): Promise<BrandSettings> {
	const values: Record<string, SettingValue> = {};
	const sources: Record<string, SettingSource> = {};
	const secrets: Record<string, string> = {};
	for (const [name, setting] of Object.entries(schema.properties)) {
		if (setting.writeOnly) {
			secrets[name] = secretIn(schema, stored, name) ?? "";
			continue;
		}
		const found = [
			[own(stored.values, name), "brand"],
			[own(stored.allBrands?.values, name), "default"],
			[setting.default, "schema"],
		] as const;
		const [value, source] = found.find(([each]) => each !== undefined) ?? [];
		if (value !== undefined && source !== undefined) {
			demandType(name, setting, value);
			values[name] = value;
			sources[name] = source;
		}
	}
	const { enabled } = stored;
	const version = await digest(JSON.stringify([enabled, values, sources, secrets]));
	return { enabled, values, sources, version };
}

/** The text of a secret that is in force. */
function secretIn(
	{ properties }: SettingsSchema,
	stored: StoredBrandSettings,
	name: string,
): string | undefined {
	if (!Object.hasOwn(properties, name) || !properties[name]?.writeOnly) {
		return undefined;
	}
	const found = own(stored.secrets, name) ?? own(stored.allBrands?.secrets, name);
	const text = typeof found === "object" ? found.reveal() : found;
	return text === "" ? undefined : text;
}

/** A member of the record itself. Null counts as not set. */
function own<Value>(
	record: Readonly<Record<string, Value | null | undefined>> | undefined,
	name: string,
): Value | undefined {
	return record !== undefined && Object.hasOwn(record, name)
		? (record[name] ?? undefined)
		: undefined;
}

function demandType(name: string, { type }: SettingSchema, value: SettingValue): void {
	const isFit = type === "integer" ? Number.isInteger(value) : typeof value === type;
	if (!isFit) {
		// The value is left out: it may have been meant for another field.
		throw new TypeError(
			`the stored setting "${name}" is a ${typeof value}, and the plugin's schema says ${type}; store it as ${type}`,
		);
	}
}

/** The secrets cannot be read from it: it is a SHA-256, and API keys are too random to be guessed. */
async function digest(text: string): Promise<string> {
	const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
	return Buffer.from(hash).toString("base64url");
}
