import type { SettingsSchema } from "../../contract/settings-schema.ts";
import { finding, type Report } from "../finding.ts";
import { compileSchema } from "../json-schema.ts";
import { isSettingsSchema } from "./contract-validators.js";
import { readJsonFile } from "./json-file.ts";

const CODE = "invalid-settings-schema";
// A longer form helps nobody, and compiling its schema takes time.
const MAX_SETTINGS = 200;

/** The settings schema. `undefined` when it is not in the contract's dialect. */
export function readSettingsSchema(
	files: ReadonlyMap<string, Uint8Array>,
	file: string,
	report: Report,
): SettingsSchema | undefined {
	const schema = readJsonFile(files, file, isSettingsSchema, CODE, report);
	if (schema === undefined) {
		return undefined;
	}
	const problems = problemsIn(schema);
	for (const problem of problems) {
		report(finding(CODE, problem, { file }));
	}
	return problems.length === 0 ? schema : undefined;
}

function problemsIn(schema: SettingsSchema): string[] {
	if (Object.keys(schema.properties).length > MAX_SETTINGS) {
		return [`it has more than ${MAX_SETTINGS} settings`];
	}
	try {
		compileSchema(schema);
	} catch (cause) {
		return [cause instanceof Error ? cause.message : String(cause)];
	}
	const unknown = (schema.required ?? [])
		.filter((required) => !Object.hasOwn(schema.properties, required))
		.map((required) => `"required" names ${required}, which is not a setting`);
	const dangling = Object.entries(schema.properties).flatMap(([setting, { onlyWith }]) => {
		const options = onlyWith && schema.properties[onlyWith.setting]?.enum;
		const known = onlyWith?.values.every((value) => options?.includes(value)) ?? true;
		return known
			? []
			: [`"onlyWith" of ${setting} names a setting that does not have these values`];
	});
	return [...unknown, ...dangling];
}
