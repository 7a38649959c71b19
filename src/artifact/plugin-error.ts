import { type Finding, type FindingCode, sentenceOf } from "./finding.ts";

/** The problem of an artifact: a finding's code, or `invalid-module` where its code was run and failed. */
export type PluginErrorCode = FindingCode | "invalid-module";

/** An artifact cannot be used. `problems` names each thing to change. */
export class PluginError extends Error {
	override readonly name = "PluginError";
	/** The code of the first problem. */
	readonly code: PluginErrorCode;
	readonly problems: readonly string[];

	constructor(
		code: PluginErrorCode,
		options: { readonly problems: readonly string[]; readonly cause?: unknown },
	) {
		super(`the plugin cannot be used (${code}): ${options.problems.join("; ")}`, options);
		this.code = code;
		this.problems = options.problems;
	}
}

/** @throws PluginError when one of the findings is an error. */
export function refuseErrors(findings: readonly Finding[]): void {
	const errors = findings.filter(({ severity }) => severity === "error");
	const [first] = errors;
	if (first !== undefined) {
		throw new PluginError(first.code, { problems: errors.map(sentenceOf) });
	}
}
