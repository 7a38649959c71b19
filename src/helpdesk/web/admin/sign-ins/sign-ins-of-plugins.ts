import type { AddOns } from "../../../add-ons/add-ons.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import type { SignInEntry } from "../../../sign-ins/sign-in-entry.ts";
import type { StrayCount } from "../../../sign-ins/stray-counts.ts";

type PluginOf = (entry: SignInEntry) => PluginHooks | undefined;

/** The entries of all plugins, newest first, and the plugin of each. */
export async function signInsSince(
	addOns: AddOns,
	from: number,
): Promise<{ readonly entries: readonly SignInEntry[]; readonly pluginOf: PluginOf }> {
	const plugins = new Map<SignInEntry, PluginHooks>();
	for (const { ledger, plugin } of await addOns.all()) {
		for (const entry of await ledger.since(from)) {
			plugins.set(entry, plugin);
		}
	}
	const entries = [...plugins.keys()].sort((a, b) => b.at - a.at);
	return { entries, pluginOf: (entry) => plugins.get(entry) };
}

/** The requests since a time that belong to no log-in and are not among the entries. */
export async function straysSince(addOns: AddOns, from: number): Promise<readonly StrayCount[]> {
	const counts = (await addOns.all()).map(({ strays }) => strays.since(from));
	return (await Promise.all(counts)).flat();
}

/** The title of each end. The plugin is asked once for each kind of end. */
export async function titlesOf(
	pluginOf: PluginOf,
	entries: readonly SignInEntry[],
): Promise<(entry: SignInEntry) => string> {
	const kindOf = (entry: SignInEntry): string =>
		`${pluginOf(entry)?.loaded.manifest.id} ${entry.code} ${entry.problem ?? ""}`;
	const kinds = new Map(entries.map((entry) => [kindOf(entry), entry]));
	const titles = new Map(
		// All at once: a plugin that does not answer costs the page its time limit once.
		await Promise.all(
			[...kinds].map(async ([kind, entry]): Promise<[string, string]> => {
				const words = await pluginOf(entry)?.explain(entry, "en", entry.brandId);
				return [kind, words?.title ?? entry.code];
			}),
		),
	);
	return (entry) => titles.get(kindOf(entry)) ?? entry.code;
}

export function nameOf(plugin: PluginHooks | undefined): string {
	return plugin?.loaded.manifest.name ?? "the provider";
}
