// Imports only the type: the artifact contains the locale files already.
import type en from "../../../locales/en.json";
import { type MessageValues, messageText } from "../../contract/message-text.ts";
import { nearestLocale } from "../../contract/nearest-locale.ts";
import type { Locales } from "../../contract/plugin.ts";

type MessageKey = keyof typeof en;

const DEFAULT = "en";

/** Gives a sentence with its `{placeholders}` filled in. The result is plain text: escape it for markup. */
export type Translate = (key: MessageKey, values?: MessageValues) => string;

/** The sentences of the plugin in all its languages. */
export class Messages {
	constructor(private readonly locales: Locales) {}

	/** The sentences for a BCP 47 tag: those of the region, or else of the language, or else English. */
	in(locale: string): Translate {
		const tag = nearestLocale(locale, this.locales.keys()) ?? DEFAULT;
		const texts = this.locales.get(tag) ?? {};
		return (key, values) => messageText(texts, tag, key, values);
	}
}
