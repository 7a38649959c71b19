// Imports only the type: the artifact contains the locale files already.
import type en from "../../../locales/en.json";
import type { Locales } from "../../contract/plugin.ts";

type MessageKey = keyof typeof en;

const DEFAULT = "en";

/** Gives a sentence with its `{placeholders}` filled in. The result is plain text: escape it for markup. */
export type Translate = (key: MessageKey, values?: Readonly<Record<string, string>>) => string;

/** The sentences of the plugin in all its languages. */
export class Messages {
	private readonly locales: Locales;

	constructor(locales: Locales) {
		// Tags come from browsers, which write them in any case.
		this.locales = new Map([...locales].map(([tag, texts]) => [tag.toLowerCase(), texts]));
	}

	/** The sentences for a BCP 47 tag: those of the region, or else of the language, or else English. */
	in(locale: string): Translate {
		const tag = locale.toLowerCase();
		const { locales } = this;
		const texts = locales.get(tag) ?? locales.get(tag.split("-")[0] ?? "") ?? locales.get(DEFAULT);
		return (key, values = {}) =>
			(texts?.[key] ?? key).replace(
				/\{(\w+)\}/g,
				(placeholder, name: string) => values[name] ?? placeholder,
			);
	}
}
