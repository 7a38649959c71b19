import { compileSchema } from "../../artifact/json-schema.ts";
import type { SettingSchema } from "../../contract/settings-schema.ts";
import { matchesInTime } from "./pattern-in-time.ts";

/** Compiles a function that says whether a setting may have a value. */
export function settingCheck(setting: SettingSchema): (value: unknown) => boolean {
	const { writeOnly: _, default: __, onlyWith: ___, pattern, ...checked } = setting;
	const check = compileSchema(checked);
	return pattern === undefined
		? check
		: (value) => check(value) && (typeof value !== "string" || matchesInTime(pattern, value));
}
