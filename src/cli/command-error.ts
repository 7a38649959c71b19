/** A command that cannot be carried out as it was given; the message says what to change. */
export class CommandError extends Error {
	override readonly name = "CommandError";
}

/** What went wrong, for a sentence about it. */
export function reasonOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
