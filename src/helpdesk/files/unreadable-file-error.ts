/** A file that somebody sent cannot be read. The message is a sentence for the administrator: why, and what to do. */
export class UnreadableFileError extends Error {
	override readonly name = "UnreadableFileError";
}
