import { parseArgs } from "node:util";
import { CommandError } from "./command-error.ts";

/** The arguments of a command that takes one path. */
export interface CommandLine {
	readonly path: string;
	readonly json: boolean;
	/** The values of a flag, in order. */
	valuesOf(flag: string): readonly string[];
}

/**
 * @param flags the flags that take a value, without dashes. `json` is always allowed.
 * @throws CommandError with one sentence about the first problem.
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
			throw new CommandError("the command takes one path (--help lists the commands)");
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
