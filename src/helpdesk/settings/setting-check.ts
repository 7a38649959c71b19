import { compileSchema } from "../../artifact/json-schema.ts";
import type { SettingSchema } from "../../contract/settings-schema.ts";

/** Compiles a function that says whether a setting may have a value. */
export function settingCheck(setting: SettingSchema): (value: unknown) => boolean {
	const { writeOnly: _, default: __, onlyWith: ___, ...checked } = setting;
	return compileSchema(checked);
}
