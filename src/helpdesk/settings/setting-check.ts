import { compileSchema } from "../../artifact/json-schema.ts";
import type { SettingSchema } from "../../contract/settings-schema.ts";

/** Whether a value is one that a setting may have. */
export function settingCheck(setting: SettingSchema): (value: unknown) => boolean {
	const { writeOnly: _, default: __, onlyWith: ___, ...checked } = setting;
	return compileSchema(checked);
}
