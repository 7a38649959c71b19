import type { Brand } from "../../contract/brands.ts";
import type { AddOnVersion } from "../add-ons/add-on.ts";
import { textsOf } from "../add-ons/plugin-texts.ts";
import type { Locale } from "../locale/locale.ts";
import { ALL_BRANDS } from "../settings/plugin-settings.ts";
import { settingCheck } from "../settings/setting-check.ts";
import type { Words } from "./version-switch.ts";

export interface SettingsVerdict {
	/** Why the version cannot work with the settings. Empty where it can. */
	readonly refused: readonly Words[];
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
	const refused: Words[] = [];
	const looked: { place: string; version: string | null }[] = [];
	for (const { id, name } of [...brands, { id: ALL_BRANDS, name: undefined }]) {
		const stored = await settings.stored(id);
		looked.push({ place: id, version: stored.version });
		const refuse = (setting: string, why: Words): void => {
			refused.push((reader) => problemOf(version, { setting, brand: name, why }, reader));
		};
		const values: Record<string, (typeof stored.values)[string]> = {};
		let isFine = true;
		for (const [setting, value] of Object.entries(stored.values)) {
			const schema = properties[setting];
			if (schema?.writeOnly || (schema && !settingCheck(schema)(value))) {
				refuse(setting, ({ text }) => text("add-on-failure.setting.invalid-value"));
				isFine = false;
			} else if (schema !== undefined) {
				values[setting] = value;
			}
		}
		for (const [setting, secret] of Object.entries(stored.secrets)) {
			const schema = properties[setting];
			if (schema && !(schema.writeOnly && settingCheck(schema)(secret.reveal()))) {
				refuse(setting, ({ text }) => text("add-on-failure.setting.invalid-secret"));
				isFine = false;
			}
		}
		if (isFine && stored.version !== null) {
			for (const { setting, message } of await plugin.refuseSettings({
				brandId: id,
				values,
				secrets: {},
			})) {
				refuse(setting, ({ tag }) => textsOf(version, tag)(message));
			}
		}
	}
	for (const { id, name } of before === undefined ? [] : brands) {
		const isUsed = (await settings.read(id)).enabled && (await before?.settings.isComplete(id));
		const missing = isUsed ? await settings.missing(id) : undefined;
		for (const setting of missing ?? []) {
			refused.push(({ tag, text }) =>
				text("add-on-failure.setting.missing", {
					setting: labelOf(version, setting.name, tag),
					brand: name,
				}),
			);
		}
	}
	return { refused, looked };
}

/** @param problem `brand` is undefined for the settings of all brands. */
function problemOf(
	version: AddOnVersion,
	problem: { readonly setting: string; readonly brand: string | undefined; readonly why: Words },
	reader: Locale,
): string {
	const { brand, why } = problem;
	const values = {
		setting: labelOf(version, problem.setting, reader.tag),
		problem: why(reader),
	};
	return brand === undefined
		? reader.text("add-on-failure.setting-of-all", values)
		: reader.text("add-on-failure.setting", { ...values, brand });
}

function labelOf(version: AddOnVersion, setting: string, tag: string): string {
	return textsOf(version, tag)(`settings.${setting}.label`);
}
