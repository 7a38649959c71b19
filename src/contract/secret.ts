/**
 * A value that must never be printed: API key secrets, request-token secrets, access tokens, verifiers.
 *
 * It shows as `[secret]` in template strings, `String()`, `JSON.stringify` and `util.inspect`. Only {@link Secret.reveal}
 * gives the text. It is an interface and not a class, so that a host's secret also fits a plugin whose bundle has its own
 * copy of this file.
 */
export interface Secret {
	/** The text itself. Call it only where the text is used, such as for signing or encrypting, and never pass it on. */
	reveal(): string;
	toString(): "[secret]";
	toJSON(): "[secret]";
}

/** Wraps a text so that nobody prints it by accident. */
export function secret(text: string): Secret {
	return Object.freeze({
		reveal: () => text,
		toString: () => "[secret]" as const,
		toJSON: () => "[secret]" as const,
		[Symbol.for("nodejs.util.inspect.custom")]: () => "[secret]",
	});
}
