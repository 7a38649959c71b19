import type { Message } from "../locale/locale.ts";
import { SaidError } from "../locale/said.ts";
import { LetterRefusedError } from "./letter-refused-error.ts";

/** Why no letter is sent. */
export class MailProblemError extends SaidError {
	override readonly name: string = "MailProblemError";

	constructor(
		override readonly said: Message,
		options?: ErrorOptions,
	) {
		super(said, options);
	}
}

/** What the error says, for readers of other languages; undefined where that is known in its own words alone. */
export function mailProblemOf(error: unknown): Message | undefined {
	return error instanceof MailProblemError || error instanceof LetterRefusedError
		? error.said
		: undefined;
}
