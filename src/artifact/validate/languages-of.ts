import { inspectPlugin } from "../load/read-plugin.ts";

/** A language of a plugin. */
export interface PluginLanguage {
	/** BCP 47. */
	readonly tag: string;
	/** How many of the texts of the default locale it has. */
	readonly texts: number;
	/** How many the default locale has. */
	readonly of: number;
}

/** How complete each language of a plugin is, the default one first. Empty where the default locale cannot be read. */
export function languagesOf(files: ReadonlyMap<string, Uint8Array>): readonly PluginLanguage[] {
	const { manifest, locales } = inspectPlugin(files);
	const fallback = manifest?.locales.default ?? "";
	const model = keysOf(locales?.get(fallback) ?? {});
	return [...(locales ?? [])]
		.map(([tag, texts]) => {
			const own = keysOf(texts);
			return { tag, texts: [...model].filter((key) => own.has(key)).length, of: model.size };
		})
		.sort((a, b) => Number(b.tag === fallback) - Number(a.tag === fallback));
}

/** The keys as the plugin's developer wrote them: a message with forms is one text. */
function keysOf(texts: Readonly<Record<string, string>>): ReadonlySet<string> {
	return new Set(Object.keys(texts).map((key) => key.split("#")[0] ?? key));
}
