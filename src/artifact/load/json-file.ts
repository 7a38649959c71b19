import { type FindingCode, finding, type Report } from "../finding.ts";
import { problemsOf, type Validator } from "../json-schema.ts";

/** Reads a JSON file and checks it. Returns `undefined` and reports why where it is missing or not valid. */
export function readJsonFile<T>(
	files: ReadonlyMap<string, Uint8Array>,
	file: string,
	check: Validator<T>,
	code: FindingCode,
	report: Report,
): T | undefined {
	const bytes = files.get(file);
	if (bytes === undefined) {
		report(finding("missing-file", "this file is missing", { file }));
		return undefined;
	}
	let value: unknown;
	try {
		value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
	} catch {
		report(finding(code, "it is not JSON in UTF-8", { file }));
		return undefined;
	}
	if (check(value)) {
		return value;
	}
	for (const problem of problemsOf(check)) {
		report(finding(code, problem, { file }));
	}
	return undefined;
}
