import type { SettingValue } from "./settings.ts";

/**
 * The dialect of JSON Schema 2020-12 in which a plugin declares its settings (`settings-schema.schema.json`): a flat object
 * of scalars, so that a host can make a form from it. Every brand has its own settings.
 *
 * Texts come from the locales: `settings.<name>.label`, `settings.<name>.help`, and `settings.<name>.option.<value>` for
 * each value of an `enum`.
 */
export interface SettingsSchema {
	readonly $schema: "https://json-schema.org/draft/2020-12/schema";
	readonly type: "object";
	readonly additionalProperties: false;
	readonly properties: Readonly<Record<string, SettingSchema>>;
	/**
	 * A brand cannot be switched on without these, each of them while its `onlyWith` holds. Helpdesks of version 1.0 need
	 * them always. The form can be saved without them.
	 */
	readonly required?: readonly string[];
}

export interface SettingSchema {
	readonly type: "string" | "integer" | "boolean";
	readonly default?: string | number | boolean;
	readonly enum?: readonly string[];
	readonly minLength?: number;
	readonly maxLength?: number;
	/** Compiled with the `u` flag. */
	readonly pattern?: string;
	readonly minimum?: number;
	readonly maximum?: number;
	/**
	 * The setting is of use only while another setting has one of these values. Hosts may hide it otherwise, and keep its
	 * value until then.
	 */
	readonly onlyWith?: { readonly setting: string; readonly values: readonly string[] };
	/** A secret: stored encrypted and never shown again. An empty field keeps the stored value. */
	readonly writeOnly?: true;
}

/** Whether a setting is of use with the values that are in force for a brand. */
export function isInUse(
	{ onlyWith }: Pick<SettingSchema, "onlyWith">,
	values: Readonly<Record<string, SettingValue>>,
): boolean {
	return onlyWith === undefined || onlyWith.values.includes(String(values[onlyWith.setting]));
}
