/** What is wrong with an artifact, for the administrator or developer who holds it. */
export type PluginErrorCode =
	| "unreadable-archive"
	| "missing-file"
	| "invalid-manifest"
	| "invalid-settings-schema"
	| "invalid-locale"
	| "incompatible"
	| "invalid-module";

/** An artifact that cannot be used. `problems` names each thing to change. */
export class PluginError extends Error {
	override readonly name = "PluginError";
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
