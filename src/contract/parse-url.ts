/**
 * Reads a URL as browsers do.
 *
 * `URL.canParse` cannot be asked: in Node 20 and 22 it refuses every text with a letter such as `ü`, once some thousand
 * calls have made V8 optimize it.
 *
 * @returns undefined for a text that is not a URL.
 */
export function parseUrl(text: string, base?: string): URL | undefined {
	try {
		return new URL(text, base);
	} catch {
		return undefined;
	}
}
