import type { Locales } from "../../contract/plugin.ts";

// The type only: the sentences themselves come with the artifact, and would be twice in it.
type MessageKey = keyof typeof import("../../../locales/en.json");

const DEFAULT = "en";

/** Gives the sentence with its `{placeholders}` filled in. Plain text: escape it for markup. */
export type Translate = (key: MessageKey, values?: Readonly<Record<string, string>>) => string;

/** Every sentence of the plugin in every language it has. */
export class Messages {
	private readonly locales: Locales;

	constructor(locales: Locales) {
		// Tags come from browsers, which write them in any case.
		this.locales = new Map([...locales].map(([tag, texts]) => [tag.toLowerCase(), texts]));
	}

	/** The sentences for a reader of a BCP 47 language: the region's, else the language's, else English. */
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
