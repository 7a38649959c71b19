/** A command cannot be run as it was given. The message says what to change. */
export class CommandError extends Error {
	override readonly name = "CommandError";
}

/** The message of an error, for a sentence about it. */
export function reasonOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
