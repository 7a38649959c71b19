import type { PluginPackage } from "../../artifact/load/read-plugin.ts";
import type { SetUpCheck } from "../../contract/set-up-check.ts";

export type Texts = (key: string) => string;

/** What a check of the set-up says. */
export function setUpSentence(texts: Texts, { message, values }: SetUpCheck): string {
	return texts(message).replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all);
}

/** A plugin's texts in its default locale. */
export function textsOf({
	loaded,
}: {
	readonly loaded: Pick<PluginPackage, "locales" | "manifest">;
}): Texts {
	const messages = loaded.locales.get(loaded.manifest.locales.default) ?? {};
	return (key) => (Object.hasOwn(messages, key) ? messages[key] : undefined) ?? key;
}
