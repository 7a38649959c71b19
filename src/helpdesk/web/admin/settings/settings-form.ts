import type { FormField } from "../../../../contract/login-request.ts";
import { secret } from "../../../../contract/secret.ts";
import type { SettingValue } from "../../../../contract/settings.ts";
import type { SettingSchema, SettingsSchema } from "../../../../contract/settings-schema.ts";
import type { SettingsEntry } from "../../../settings/plugin-settings.ts";
import { settingCheck } from "../../../settings/setting-check.ts";
import { field } from "../../visit.ts";

export interface TypedSettings extends SettingsEntry {
	/** A sentence for each setting that the schema refuses. */
	readonly problems: ReadonlyMap<string, string>;
}

/** What comes along when a key is copied from a page or a letter: spaces, line ends, signs that nobody sees. */
const AROUND = /^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu;

/** The field that removes a stored secret. */
export function removalOf(name: string): string {
	return `${name}-remove`;
}

/**
 * Reads what an administrator typed by a plugin's settings schema. Keys are trimmed, empty fields left out: an empty
 * secret keeps what is stored, any other empty field goes by what holds for all brands.
 */
export function settingsFormReader(
	schema: SettingsSchema,
): (form: readonly FormField[]) => TypedSettings {
	const settings = Object.entries(schema.properties).map(([name, setting]) => {
		return { name, setting, isValid: settingCheck(setting) };
	});
	return (form) => readForm(settings, form);
}

interface CompiledSetting {
	readonly name: string;
	readonly setting: SettingSchema;
	readonly isValid: (value: unknown) => boolean;
}

function readForm(settings: readonly CompiledSetting[], form: readonly FormField[]): TypedSettings {
	const values: Record<string, SettingValue> = {};
	const secrets: Record<string, SettingsEntry["secrets"][string]> = {};
	const problems = new Map<string, string>();
	for (const { name, setting, isValid } of settings) {
		const typed = (field(form, name) ?? "").replace(AROUND, "");
		if (typed === "") {
			if (setting.writeOnly && field(form, removalOf(name)) === "on") {
				secrets[name] = null;
			}
			continue;
		}
		const value = typedValue(setting, typed);
		if (!isValid(value)) {
			problems.set(name, problemOf(setting, typed));
		}
		if (setting.writeOnly) {
			secrets[name] = secret(typed);
		} else {
			values[name] = value;
		}
	}
	return { values, secrets, problems };
}

function typedValue({ type }: SettingSchema, typed: string): SettingValue {
	switch (type) {
		case "string":
			return typed;
		case "integer":
			return Number(typed);
		case "boolean":
			return typed === "true" ? true : typed === "false" ? false : typed;
	}
}

function problemOf(
	{ enum: options, minLength, maxLength, minimum, maximum, type }: SettingSchema,
	typed: string,
): string {
	if (options !== undefined || type === "boolean") {
		return "Choose one of the values offered.";
	}
	if (type === "integer") {
		const range = [
			minimum === undefined ? "" : ` from ${minimum}`,
			maximum === undefined ? "" : ` to ${maximum}`,
		];
		return `Enter a whole number${range.join("")}.`;
	}
	if (maxLength !== undefined && typed.length > maxLength) {
		return `This is longer than ${maxLength} characters. Copy it again, alone.`;
	}
	if (minLength !== undefined && typed.length < minLength) {
		return `This is shorter than ${minLength} characters. Copy it again, whole.`;
	}
	return "This holds characters that do not belong here, such as spaces. Copy it again, alone.";
}
