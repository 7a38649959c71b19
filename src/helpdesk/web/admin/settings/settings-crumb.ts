import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import type { Crumb } from "../admin-pages.ts";
import { integrationPaths } from "../paths.ts";

/** The settings of a plugin, on the way to its other pages. */
export function settingsCrumb({ loaded: { manifest } }: Pick<PluginHooks, "loaded">): Crumb {
	return { label: `${manifest.name}: settings`, path: integrationPaths(manifest.id).settings };
}
