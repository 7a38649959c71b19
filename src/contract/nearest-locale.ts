/** Languages that have another name in what browsers and helpdesks send, and those whose readers read another one too. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
	["no", "nb"],
	["nn", "nb"],
	["rs", "sr"],
	["sh", "sr"],
]);

/**
 * The locale that serves a reader of a language: that of the region, or else that of the language. Capitals do not matter, and
 * an underscore stands for a dash (`pt_BR`). A script is looked for and does without: `sr-Cyrl` is served by `sr`.
 *
 * @param wanted BCP 47, or what browsers and helpdesks write in its place.
 * @param offered tags of locales.
 * @returns one of `offered`, or undefined where none serves.
 */
export function nearestLocale(wanted: string, offered: Iterable<string>): string | undefined {
	const tags = new Map([...offered].map((tag) => [tag.toLowerCase(), tag]));
	const [name = "", ...rest] = wanted.toLowerCase().split(/[-_]/);
	const subtags = [OTHER_NAMES.get(name) ?? name, ...rest];
	for (let length = subtags.length; length > 0; length--) {
		const found =
			tags.get(subtags.slice(0, length).join("-")) ??
			// The script of a tag stands before its region: `pt-Latn-BR`.
			(length === 3 ? tags.get(`${subtags[0]}-${subtags[2]}`) : undefined);
		if (found !== undefined) {
			return found;
		}
	}
	return undefined;
}
