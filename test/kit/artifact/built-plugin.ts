import { type LoadedPlugin, loadPlugin } from "../../../src/artifact/load/load-plugin.ts";
import { builtArtifact } from "./built-artifact.ts";

let loaded: Promise<LoadedPlugin> | undefined;

/**
 * The plugin that `npm run build` made. A process of the tests loads it once, and each helpdesk makes a plugin of its own with
 * `createPlugin`. Node keeps each module that it imports, and a second copy of the same code begins slow.
 */
export function builtPlugin(): Promise<LoadedPlugin> {
	loaded ??= builtArtifact().then((zip) => loadPlugin(zip));
	return loaded;
}
