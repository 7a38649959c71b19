/**
 * A value that must never be printed: API key secrets, request-token secrets, access tokens, verifiers.
 *
 * It shows as `[secret]` in template strings, `String()`, `JSON.stringify` and `util.inspect`; only
 * {@link Secret.reveal} gives the text. The shape is structural, so that a secret made by a host stays one
 * inside a plugin bundle that carries its own copy of this file.
 */
export interface Secret {
	/** The text itself. Call it where the value is used (signing, encrypting), never to pass it on. */
	reveal(): string;
	toString(): "[secret]";
	toJSON(): "[secret]";
}

/** Wraps a text so that it cannot be printed by accident. */
export function secret(text: string): Secret {
	return Object.freeze({
		reveal: () => text,
		toString: () => "[secret]" as const,
		toJSON: () => "[secret]" as const,
		[Symbol.for("nodejs.util.inspect.custom")]: () => "[secret]",
	});
}
