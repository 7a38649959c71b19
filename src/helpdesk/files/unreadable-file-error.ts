import type { Message } from "../locale/locale.ts";
import { SaidError } from "../locale/said.ts";

/** A file that somebody sent cannot be read. What it says is for the administrator: why, and what to do. */
export class UnreadableFileError extends SaidError {
	override readonly name = "UnreadableFileError";

	constructor(said: Message, options?: ErrorOptions) {
		super(said, options);
	}
}
