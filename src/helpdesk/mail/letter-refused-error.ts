import type { Message } from "../locale/locale.ts";

/** The mail server will never take this letter, because it refuses its recipient for good (RFC 5321, a reply of 5yz). */
export class LetterRefusedError extends Error {
	override readonly name = "LetterRefusedError";
	/** The same for readers of other languages. */
	readonly said: Message | undefined;

	constructor(
		message: string,
		{ said, ...options }: ErrorOptions & { readonly said?: Message } = {},
	) {
		super(message, options);
		this.said = said;
	}
}
