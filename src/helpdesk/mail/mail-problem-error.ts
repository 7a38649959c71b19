import { localeFor, type Message } from "../locale/locale.ts";
import { LetterRefusedError } from "./letter-refused-error.ts";

/** Why no letter is sent, in words that operators read in their own language. Its message is in English, for the log. */
export class MailProblemError extends Error {
	override readonly name: string = "MailProblemError";

	constructor(
		readonly said: Message,
		options?: ErrorOptions,
	) {
		super(inEnglish(said), options);
	}
}

/** What the error says, for readers of other languages; undefined where that is known in its own words alone. */
export function saidBy(error: unknown): Message | undefined {
	return error instanceof MailProblemError || error instanceof LetterRefusedError
		? error.said
		: undefined;
}

/** The words that stand for a message in the log, and in storage for versions that know the words alone. */
export function inEnglish(said: Message): string {
	return localeFor(undefined, "en").say(said);
}
