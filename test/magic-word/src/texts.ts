import type { Locales } from "x-login/contract";

export type Text = (key: string, values?: Readonly<Record<string, string>>) => string;

/** The texts for a BCP 47 language tag: the region's, or else the language's, or else English. */
export function textsIn(locales: Locales, locale: string): Text {
	const texts = locales.get(locale) ?? locales.get(locale.split("-")[0] ?? "") ?? locales.get("en");
	return (key, values = {}) =>
		(texts?.[key] ?? key).replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all);
}
