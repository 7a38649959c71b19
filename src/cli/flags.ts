import { type ParseArgsConfig, parseArgs } from "node:util";
import { CommandError } from "./command-error.ts";

/**
 * Reads the flags of a command, and the words between them.
 *
 * @throws CommandError with one sentence about the first problem.
 */
export function readFlags<Options extends NonNullable<ParseArgsConfig["options"]>>(
	args: readonly string[],
	options: Options,
) {
	try {
		return parseArgs({ args: [...args], options, allowPositionals: true });
	} catch (cause) {
		const [sentence] = cause instanceof Error ? cause.message.split("\n") : [];
		throw new CommandError(`${sentence} (--help lists the flags)`, { cause });
	}
}
