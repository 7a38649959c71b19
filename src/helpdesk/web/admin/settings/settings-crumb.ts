import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import type { Locale } from "../../../locale/locale.ts";
import type { Crumb } from "../admin-pages.ts";
import { integrationPaths } from "../paths.ts";

/** The settings of a plugin, on the way to its other pages. */
export function settingsCrumb(
	{ loaded: { manifest } }: Pick<PluginHooks, "loaded">,
	{ text }: Locale,
): Crumb {
	const label = text("settings.title", { name: manifest.name });
	return { label, path: integrationPaths(manifest.id).settings };
}
