import de from "../../../locales/de.json" with { type: "json" };
import en from "../../../locales/en.json" with { type: "json" };

export type MessageKey = keyof typeof en;

// A Map, because the tag comes from a browser: `constructor` is in every object.
const LOCALES: ReadonlyMap<string, Readonly<Record<MessageKey, string>>> = new Map([
	["en", en],
	["de", de],
]);

/** Gives the sentence with its `{placeholders}` filled in. Plain text: escape it for markup. */
export type Translate = (key: MessageKey, values?: Readonly<Record<string, string>>) => string;

/** The sentences for a reader of a BCP 47 language: the region's, else the language's, else English. */
export function messagesFor(locale: string): Translate {
	const tag = locale.toLowerCase();
	const messages = LOCALES.get(tag) ?? LOCALES.get(tag.split("-")[0] ?? "") ?? en;
	return (key, values = {}) =>
		messages[key].replace(/\{(\w+)\}/g, (placeholder, name: string) => values[name] ?? placeholder);
}
