import type { PluginPackage } from "../../artifact/load/read-plugin.ts";

export type Texts = (key: string) => string;

/** A plugin's texts in its default locale. */
export function textsOf({
	loaded,
}: {
	readonly loaded: Pick<PluginPackage, "locales" | "manifest">;
}): Texts {
	const messages = loaded.locales.get(loaded.manifest.locales.default) ?? {};
	return (key) => (Object.hasOwn(messages, key) ? messages[key] : undefined) ?? key;
}
