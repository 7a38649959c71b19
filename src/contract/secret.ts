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

/** One shape for all of them: a log-in makes five. No copy and no printed object holds the text. */
class HiddenText implements Secret {
	readonly #text: string;

	constructor(text: string) {
		this.#text = text;
	}

	reveal(): string {
		return this.#text;
	}

	toString(): "[secret]" {
		return "[secret]";
	}

	toJSON(): "[secret]" {
		return "[secret]";
	}

	[Symbol.for("nodejs.util.inspect.custom")](): "[secret]" {
		return "[secret]";
	}
}
Object.freeze(HiddenText.prototype);

/** Wraps a text so that nobody prints it by accident. */
export function secret(text: string): Secret {
	return Object.freeze(new HiddenText(text));
}
