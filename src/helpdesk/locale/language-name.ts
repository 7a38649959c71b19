/**
 * The name of a language within a sentence: for `de`, English has German and French has allemand.
 *
 * @param tag of the language. BCP 47.
 * @param reader the language of the sentence.
 * @returns what was given, where it has no name: a form may hold any words.
 */
export function languageInSentence(tag: string, reader: string): string {
	// The first one loads data for 25 ms, so a start does not wait for it.
	const names = new Intl.DisplayNames([reader], { type: "language" });
	try {
		return names.of(tag) ?? tag;
	} catch {
		return tag;
	}
}

/** The same where the name stands alone, as a heading, an option or a tab: French has Allemand. */
export function languageName(tag: string, reader: string): string {
	const [first = "", ...rest] = languageInSentence(tag, reader);
	return [first.toLocaleUpperCase(reader), ...rest].join("");
}

/** Languages in the order of their names for a reader, so that these are found where they are looked for. */
export function byName(tags: Iterable<string>, reader: string): readonly string[] {
	const { compare } = new Intl.Collator(reader);
	const named = [...tags].map((tag) => ({ tag, name: languageName(tag, reader) }));
	return named.sort((one, other) => compare(one.name, other.name)).map(({ tag }) => tag);
}
