import { compileSchema } from "../../../artifact/json-schema.ts";
import type { FormField } from "../../../contract/login-request.ts";
import { type Secret, secret } from "../../../contract/secret.ts";
import type { SettingValue } from "../../../contract/settings.ts";
import type { SettingSchema, SettingsSchema } from "../../../contract/settings-schema.ts";
import { field } from "./visit.ts";

export interface TypedSettings {
	readonly values: Readonly<Record<string, SettingValue>>;
	/** Only those that were typed: an empty field keeps what is stored. */
	readonly secrets: Readonly<Record<string, Secret>>;
	/** A sentence for each setting that the schema refuses. */
	readonly problems: ReadonlyMap<string, string>;
}

/**
 * Reads what an administrator typed by a plugin's settings schema. Keys are trimmed, empty fields left out.
 */
export function settingsFormReader(
	schema: SettingsSchema,
): (form: readonly FormField[]) => TypedSettings {
	const settings = Object.entries(schema.properties).map(([name, setting]) => {
		const { writeOnly: _, default: __, ...checked } = setting;
		return { name, setting, isValid: compileSchema(checked) };
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
	const secrets: Record<string, Secret> = {};
	const problems = new Map<string, string>();
	for (const { name, setting, isValid } of settings) {
		const typed = field(form, name)?.trim() ?? "";
		if (typed === "" && setting.type !== "boolean") {
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
			return typed === "on";
	}
}

function problemOf({ enum: options, maxLength, type }: SettingSchema, typed: string): string {
	if (options !== undefined) {
		return "Choose one of the values offered.";
	}
	if (maxLength !== undefined && typed.length > maxLength) {
		return `This is longer than ${maxLength} characters. Copy it again, alone.`;
	}
	return type === "string"
		? "This holds characters that do not belong here, such as spaces. Copy it again, alone."
		: "Enter a whole number in the range allowed.";
}
