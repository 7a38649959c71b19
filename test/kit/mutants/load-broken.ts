import { type LoadedPlugin, loadPlugin } from "../../../src/artifact/load/load-plugin.ts";
import { restrictHooks } from "../../../src/artifact/load/restrict-hooks.ts";
import { restrictHost } from "../../../src/artifact/load/restrict-host.ts";
import { packArchive } from "../../../src/artifact/zip/pack-archive.ts";
import { readArchive } from "../../../src/artifact/zip/read-archive.ts";
import type { HelpdeskHost } from "../../../src/contract/helpdesk-host.ts";
import type { Manifest } from "../../../src/contract/manifest.ts";
import type { Plugin, PluginModule } from "../../../src/contract/plugin.ts";

/** The changes that make a good helpdesk break its promises. They stand between the helpdesk and the probe. */
export interface Breakage {
	/** Changes to the manifest that the helpdesk reads. */
	manifest?(manifest: Manifest): Partial<Manifest>;
	/** Ports that replace the helpdesk's own. */
	ports?(host: HelpdeskHost): Partial<HelpdeskHost>;
	/** The host that the plugin gets instead of the restricted one. */
	handed?(handed: HelpdeskHost, host: HelpdeskHost): HelpdeskHost;
	/** Hooks that replace the plugin's own. */
	hooks?(hooks: Plugin, host: HelpdeskHost): Partial<Plugin>;
	/** Whether the helpdesk skips the check where the plugin's redirects lead. */
	readonly unbounded?: boolean;
}

export async function loadBroken(zip: Uint8Array, breakage: Breakage): Promise<LoadedPlugin> {
	const loaded = await loadPlugin(withManifest(zip, breakage));
	const createPlugin = await unrestricted(loaded, breakage);
	return {
		...loaded,
		createPlugin: (given) => {
			const host = { ...given, ...breakage.ports?.(given) };
			const hooks = createPlugin?.(host) ?? loaded.createPlugin(host);
			const broken = Object.entries(breakage.hooks?.(hooks as Plugin, host) ?? {});
			return { ...hooks, ...Object.fromEntries(broken.filter(([hook]) => hook in hooks)) };
		},
	};
}

/** Loads a plugin as a helpdesk does that does not let the loader restrict it. */
async function unrestricted(
	{ manifest, main, locales }: LoadedPlugin,
	{ handed, unbounded }: Breakage,
): Promise<LoadedPlugin["createPlugin"] | undefined> {
	if (handed === undefined && !unbounded) {
		return undefined;
	}
	const code = Buffer.from(main).toString("base64");
	const module: PluginModule = await import(
		/* @vite-ignore */ `data:text/javascript;base64,${code}`
	);
	return (host) => {
		const restricted = restrictHost(host, manifest);
		const created = module.createPlugin(handed?.(restricted, host) ?? restricted, locales);
		return unbounded ? byHook(created, manifest) : restrictHooks(created, manifest, host.http);
	};
}

function withManifest(zip: Uint8Array, { manifest: change }: Breakage): Uint8Array {
	if (change === undefined) {
		return zip;
	}
	const files = readArchive(zip);
	const manifest: Manifest = JSON.parse(new TextDecoder().decode(files.get("plugin.json")));
	const changed = JSON.stringify({ ...manifest, ...change(manifest) });
	return packArchive(files.set("plugin.json", new TextEncoder().encode(changed)));
}

function byHook(created: object, { hooks }: Manifest): Partial<Plugin> {
	const named = hooks.map(({ hook, method }) => [hook, Reflect.get(created, method)]);
	return Object.fromEntries(named);
}
