import { secret } from "../../contract/secret.ts";
import type { SettingValue } from "../../contract/settings.ts";
import type { SettingSchema, SettingsSchema } from "../../contract/settings-schema.ts";
import { pastedText } from "../pasted-text.ts";
import type { SettingsEntry } from "./plugin-settings.ts";
import { settingCheck } from "./setting-check.ts";

/** What an administrator typed, setting by setting. */
export interface TypedSettings {
	/** The text that was typed; empty for none. */
	readonly text: (setting: string) => string;
	/** Whether the stored secret is to be removed. */
	readonly removes: (setting: string) => boolean;
}

/** What an administrator typed, converted to the types of the schema. */
export interface ReadSettings extends SettingsEntry {
	/** A sentence for each setting that the schema refuses. */
	readonly problems: ReadonlyMap<string, string>;
}

/** Longer than any setting needs. A longer text is not looked at, because a plugin's patterns may take long. */
const MAX_CHARACTERS = 10_000;

/**
 * Reads what an administrator typed by a plugin's settings schema. Texts are trimmed. An empty secret keeps the stored
 * one, unless that is to be removed; any other empty text means that the value for all brands applies.
 */
export function readTypedSettings(schema: SettingsSchema, typed: TypedSettings): ReadSettings {
	const values: Record<string, SettingValue> = {};
	const secrets: Record<string, SettingsEntry["secrets"][string]> = {};
	const problems = new Map<string, string>();
	for (const [name, setting] of Object.entries(schema.properties)) {
		const typedText = typed.text(name);
		if (typedText.length > MAX_CHARACTERS) {
			problems.set(name, tooLong(MAX_CHARACTERS));
			continue;
		}
		const text = pastedText(typedText);
		if (text === "") {
			if (setting.writeOnly && typed.removes(name)) {
				secrets[name] = null;
			}
			continue;
		}
		const value = typedValue(setting, text);
		if (!settingCheck(setting)(value)) {
			problems.set(name, problemOf(setting, text));
		}
		if (setting.writeOnly) {
			secrets[name] = secret(text);
		} else {
			values[name] = value;
		}
	}
	return { values, secrets, problems };
}

function tooLong(most: number): string {
	return `This is longer than ${most} characters. Copy it again, with nothing around it.`;
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
		return tooLong(maxLength);
	}
	if (minLength !== undefined && typed.length < minLength) {
		return `This is shorter than ${minLength} characters. Copy all of it.`;
	}
	return "This contains characters that do not belong here, such as spaces. Copy it again, with nothing around it.";
}
