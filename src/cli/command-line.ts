import { parseArgs } from "node:util";
import { CommandError } from "./command-error.ts";

/** What a command about one path was given. */
export interface CommandLine {
	readonly path: string;
	readonly json: boolean;
	/** Values of a flag, in order. */
	valuesOf(flag: string): readonly string[];
}

/**
 * @param flags that take a value, without dashes; `json` is always there.
 * @throws CommandError in one sentence for the first thing that is wrong.
 */
export function readCommandLine(args: readonly string[], flags: readonly string[]): CommandLine {
	const takesValue = Object.fromEntries(
		flags.map((flag) => [flag, { type: "string", multiple: true } as const]),
	);
	try {
		const { values, positionals } = parseArgs({
			args: [...args],
			options: { ...takesValue, json: { type: "boolean" } },
			allowPositionals: true,
		});
		const [path, ...others] = positionals;
		if (path === undefined || others.length > 0) {
			throw new CommandError("the command takes one path");
		}
		const given = new Map<string, unknown>(Object.entries(values));
		return {
			path,
			json: given.get("json") === true,
			valuesOf: (flag) => [given.get(flag) ?? []].flat().map(String),
		};
	} catch (cause) {
		if (cause instanceof CommandError || !(cause instanceof Error)) {
			throw cause;
		}
		throw new CommandError(cause.message, { cause });
	}
}
