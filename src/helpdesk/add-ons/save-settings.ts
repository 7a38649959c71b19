import type { SettingValue } from "../../contract/settings.ts";
import type { Locale } from "../locale/locale.ts";
import { ALL_BRANDS } from "../settings/plugin-settings.ts";
import {
	type ReadSettings,
	readTypedSettings,
	type TypedSettings,
} from "../settings/typed-settings.ts";
import type { AddOnVersion } from "./add-on.ts";
import { textsOf } from "./plugin-texts.ts";
import type { SetUpResult } from "./set-up-results.ts";

/** A settings page that an administrator sends. */
export interface SettingsToSave {
	/** {@link ALL_BRANDS} for the values of all brands that set nothing of their own. */
	readonly brandId: string;
	readonly typed: TypedSettings;
	/** Whether to test the set-up afterwards; the values of all brands have nothing to test. */
	readonly tests: boolean;
	/** The language of the administrator. */
	readonly locale: Locale;
}

/** How saving ended. */
export type SettingsSaved =
	| { readonly kind: "saved"; readonly test: SetUpResult | undefined }
	| {
			/** Nothing is stored. */
			readonly kind: "refused";
			/** A sentence for each setting to be changed, and for each secret to be typed again. */
			readonly problems: ReadonlyMap<string, string>;
			/** What was typed, secrets left out. */
			readonly values: Readonly<Record<string, SettingValue>>;
			/** The secrets that were to be removed. */
			readonly removed: ReadonlySet<string>;
	  };

/**
 * Saves the settings of one brand, or of all: reads what was typed by the plugin's schema, asks the plugin, stores the
 * values and the encrypted secrets, drops the results of earlier tests, and tests the set-up if asked to.
 *
 * @throws StorageError, or Error when the plugin cannot be asked. Then nothing is stored.
 */
export async function saveSettings(
	addOn: Pick<AddOnVersion, "brands" | "plugin" | "settings" | "tests">,
	{ brandId, typed, tests, locale }: SettingsToSave,
): Promise<SettingsSaved> {
	const read = readTypedSettings(addOn.plugin.loaded.settingsSchema, typed);
	const problems = await problemsOf(addOn, { brandId, locale }, read);
	if (problems.size > 0) {
		return refused(read, problems, locale);
	}
	await addOn.settings.save(brandId, read);
	const isForAll = brandId === ALL_BRANDS;
	await addOn.tests.forget(isForAll ? addOn.brands.map(({ id }) => id) : [brandId]);
	return { kind: "saved", test: tests && !isForAll ? await addOn.tests.run(brandId) : undefined };
}

/** The plugin is asked only about what its schema allows. */
async function problemsOf(
	{ plugin, settings }: Pick<AddOnVersion, "plugin" | "settings">,
	{ brandId, locale }: Pick<SettingsToSave, "brandId" | "locale">,
	{ values, secrets, problems }: ReadSettings,
): Promise<ReadonlyMap<string, string>> {
	if (problems.size > 0) {
		return new Map([...problems].map(([setting, message]) => [setting, locale.say(message)]));
	}
	const text = textsOf(plugin, locale.tag);
	const inherited =
		brandId === ALL_BRANDS ? {} : { inherited: (await settings.read(ALL_BRANDS)).values };
	const refusals = await plugin.refuseSettings({ brandId, values, secrets, ...inherited });
	return new Map(refusals.map(({ setting, message }) => [setting, text(message)]));
}

function refused(
	{ values, secrets }: ReadSettings,
	problems: ReadonlyMap<string, string>,
	locale: Locale,
): SettingsSaved {
	const again = locale.text("settings.problem.type-again");
	const typed = Object.entries(secrets);
	const removed = new Set(typed.flatMap(([name, secret]) => (secret === null ? [name] : [])));
	const lost = typed.flatMap(([name, secret]) =>
		secret === null || problems.has(name) ? [] : [[name, again] as const],
	);
	return { kind: "refused", problems: new Map([...problems, ...lost]), values, removed };
}
