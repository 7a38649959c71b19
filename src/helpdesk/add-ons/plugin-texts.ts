import type { PluginPackage } from "../../artifact/load/read-plugin.ts";
import { nearestLocale } from "../../contract/nearest-locale.ts";
import type { SetUpCheck } from "../../contract/set-up-check.ts";

export type Texts = (key: string) => string;

/** What a check of the set-up says. */
export function setUpSentence(texts: Texts, { message, values }: SetUpCheck): string {
	return texts(message).replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all);
}

/** A plugin's texts in the language of a reader, or else in its default locale. @param tag BCP 47. */
export function textsOf(
	{ loaded }: { readonly loaded: Pick<PluginPackage, "locales" | "manifest"> },
	tag: string,
): Texts {
	const { locales, manifest } = loaded;
	const locale = nearestLocale(tag, locales.keys()) ?? manifest.locales.default;
	const texts = locales.get(locale) ?? {};
	return (key) => (Object.hasOwn(texts, key) ? texts[key] : undefined) ?? key;
}
