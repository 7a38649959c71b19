import type { Brand } from "../../contract/brands.ts";
import type { AddOnVersion } from "../add-ons/add-on.ts";
import { textsOf } from "../add-ons/plugin-texts.ts";
import { ALL_BRANDS } from "../settings/plugin-settings.ts";
import { settingCheck } from "../settings/setting-check.ts";

export interface SettingsVerdict {
	/** Why the version cannot work with the settings, in sentences. Empty where it can. */
	readonly refused: readonly string[];
	/** The entries that were checked: those of brands, and the one for all brands. */
	readonly looked: readonly { readonly place: string; readonly version: string | null }[];
}

/**
 * Checks whether a version can work with the stored settings, by its schema and by its hook `onSettingsWillSave`.
 * Settings that it no longer knows stay stored for the previous version.
 *
 * @param before the version that serves. Undefined when nobody can log in with it.
 */
export async function checkStoredSettings(
	version: AddOnVersion,
	before: AddOnVersion | undefined,
	brands: readonly Brand[],
): Promise<SettingsVerdict> {
	const { loaded, plugin, settings } = version;
	const { properties } = loaded.settingsSchema;
	const text = textsOf(version, "en");
	const sentences: string[] = [];
	const looked: { place: string; version: string | null }[] = [];
	for (const { id, name } of [...brands, { id: ALL_BRANDS, name: "all brands" }]) {
		const stored = await settings.stored(id);
		looked.push({ place: id, version: stored.version });
		const refuse = (setting: string, why: string): void => {
			sentences.push(`“${text(`settings.${setting}.label`)}” of ${name}: ${why}`);
		};
		const values: Record<string, (typeof stored.values)[string]> = {};
		let isFine = true;
		for (const [setting, value] of Object.entries(stored.values)) {
			const schema = properties[setting];
			if (schema?.writeOnly || (schema && !settingCheck(schema)(value))) {
				refuse(setting, "the stored value is not valid in this version");
				isFine = false;
			} else if (schema !== undefined) {
				values[setting] = value;
			}
		}
		for (const [setting, secret] of Object.entries(stored.secrets)) {
			const schema = properties[setting];
			if (schema && !(schema.writeOnly && settingCheck(schema)(secret.reveal()))) {
				refuse(setting, "the stored secret is not valid in this version");
				isFine = false;
			}
		}
		if (isFine && stored.version !== null) {
			for (const { setting, message } of await plugin.refuseSettings({
				brandId: id,
				values,
				secrets: {},
			})) {
				refuse(setting, text(message));
			}
		}
	}
	for (const { id, name } of before === undefined ? [] : brands) {
		const isUsed = (await settings.read(id)).enabled && (await before?.settings.isComplete(id));
		const missing = isUsed ? await settings.missing(id) : undefined;
		for (const setting of missing ?? []) {
			sentences.push(
				`“${text(`settings.${setting.name}.label`)}” is required in this version, and ${name} has no value for it: switch ${name} off first, and on again once it is set`,
			);
		}
	}
	return { refused: sentences, looked };
}
