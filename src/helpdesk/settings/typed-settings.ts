import { secret } from "../../contract/secret.ts";
import type { SettingValue } from "../../contract/settings.ts";
import type { SettingSchema, SettingsSchema } from "../../contract/settings-schema.ts";
import { asciiDigits, typedInteger } from "../ascii-digits.ts";
import type { Message } from "../locale/locale.ts";
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
	/** What is wrong with each setting that the schema refuses. */
	readonly problems: ReadonlyMap<string, Message>;
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
	const problems = new Map<string, Message>();
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
			secrets[name] = secret(setting.type === "integer" ? asciiDigits(text) : text);
		} else {
			values[name] = value;
		}
	}
	return { values, secrets, problems };
}

function tooLong(most: number): Message {
	return { key: "settings.problem.too-long", values: { most } };
}

function typedValue({ type }: SettingSchema, typed: string): SettingValue {
	switch (type) {
		case "string":
			return typed;
		case "integer": {
			const value = typedInteger(typed);
			return Number.isNaN(value) ? typed : value;
		}
		case "boolean":
			return typed === "true" ? true : typed === "false" ? false : typed;
	}
}

function problemOf(
	{ enum: options, minLength, maxLength, minimum, maximum, type }: SettingSchema,
	typed: string,
): Message {
	if (options !== undefined || type === "boolean") {
		return { key: "settings.problem.choice" };
	}
	if (type === "integer") {
		return integerProblem(minimum, maximum);
	}
	if (maxLength !== undefined && typed.length > maxLength) {
		return tooLong(maxLength);
	}
	if (minLength !== undefined && typed.length < minLength) {
		return { key: "settings.problem.too-short", values: { least: minLength } };
	}
	return { key: "settings.problem.characters" };
}

/** Numbers stand as they are typed. */
function integerProblem(minimum: number | undefined, maximum: number | undefined): Message {
	if (minimum !== undefined && maximum !== undefined) {
		const values = { minimum, maximum };
		return { key: "settings.problem.integer-between", values };
	}
	if (minimum !== undefined) {
		return { key: "settings.problem.integer-from", values: { minimum } };
	}
	return maximum === undefined
		? { key: "settings.problem.integer" }
		: { key: "settings.problem.integer-to", values: { maximum } };
}
