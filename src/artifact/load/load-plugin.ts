import type { KeyObject } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { LogInPrices } from "../../contract/log-in-prices.ts";
import type { Manifest } from "../../contract/manifest.ts";
import type { Locales, Plugin, PluginModule } from "../../contract/plugin.ts";
import { PluginError, refuseErrors } from "../plugin-error.ts";
import { compareIntegrity } from "../zip/integrity.ts";
import { readArchive } from "../zip/read-archive.ts";
import { checkSignature } from "../zip/signature.ts";
import { readLogInPrices } from "./log-in-prices.ts";
import { type PluginPackage, readPlugin } from "./read-plugin.ts";
import { restrictHooks } from "./restrict-hooks.ts";
import { restrictHost } from "./restrict-host.ts";

/** A plugin whose code has been imported. It can be wired to a helpdesk. */
export interface LoadedPlugin extends PluginPackage {
	/** What log-ins cost at its provider. Left out where the plugin does not say. */
	readonly logInPrices?: LogInPrices | undefined;
	/** Whether an operator can try its log-in, see `PluginModule.startIntents`. */
	readonly canTry?: boolean;
	/**
	 * Wires the plugin to a helpdesk. The result has the hooks that the manifest lists, by the names of hooks, whatever the
	 * methods are called.
	 */
	createPlugin(host: HelpdeskHost): Partial<Plugin>;
}

/**
 * Reads a plugin's zip, checks it and imports its bundle. `createPlugin` gives the plugin only those parts of the host that
 * its manifest declares, and lets it lead visitors only where the manifest declares.
 *
 * An artifact whose files differ from its `integrity.json` is refused. An artifact without that file is not refused: only a
 * signature says whose files they are.
 *
 * @param options.trustedKeys the keys of publishers. If there are any, artifacts that none of them signed are refused.
 * @throws PluginError when the artifact cannot be used.
 */
export async function loadPlugin(
	zip: Uint8Array,
	options: { readonly signature?: Uint8Array; readonly trustedKeys?: readonly KeyObject[] } = {},
): Promise<LoadedPlugin> {
	const untrusted = checkSignature(zip, options.signature, options.trustedKeys ?? []);
	refuseErrors(untrusted === undefined ? [] : [untrusted]);
	const files = readArchive(zip);
	refuseErrors(compareIntegrity(files));
	const plugin = readPlugin(files, process.versions.node);
	const module = await importModule(plugin.main);
	const { createPlugin } = module;
	return {
		...plugin,
		logInPrices: readLogInPrices(module, plugin),
		canTry: Array.isArray(module.startIntents) && module.startIntents.includes("try"),
		createPlugin: (host) => {
			const { manifest } = plugin;
			const created = createPlugin(restrictHost(host, manifest), copyOf(plugin.locales));
			refuseMissingMethods(manifest, created);
			return restrictHooks(created, manifest, host.http);
		},
	};
}

/** Imports from a private file: a module in memory would put its whole text into every stack trace. */
async function importModule(source: Uint8Array): Promise<PluginModule> {
	const folder = await mkdtemp(join(tmpdir(), "helpdesk-plugin-"));
	let module: unknown;
	try {
		const file = join(folder, "plugin.mjs");
		await writeFile(file, source, { mode: 0o600 });
		module = await import(/* @vite-ignore */ pathToFileURL(file).href);
	} catch (cause) {
		const detail = cause instanceof Error ? cause.message : String(cause);
		throw new PluginError("invalid-module", {
			problems: [`its code does not load: ${detail}`],
			cause,
		});
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
	if (!isPluginModule(module)) {
		throw new PluginError("invalid-module", {
			problems: ["its code does not export a function createPlugin"],
		});
	}
	return module;
}

function isPluginModule(module: unknown): module is PluginModule {
	return (
		typeof module === "object" &&
		module !== null &&
		"createPlugin" in module &&
		typeof module.createPlugin === "function"
	);
}

/** A copy for the plugin: the helpdesk reads texts from its own. */
function copyOf(locales: Locales): Locales {
	return new Map([...locales].map(([tag, texts]) => [tag, Object.freeze({ ...texts })]));
}

function refuseMissingMethods({ hooks }: Manifest, plugin: object): void {
	const methods = plugin as Readonly<Record<string, unknown>>;
	const missing = hooks.filter(({ method }) => typeof methods[method] !== "function");
	if (missing.length > 0) {
		throw new PluginError("invalid-module", {
			problems: missing.map(
				({ hook, method }) => `the hook ${hook} names "${method}", which is not a method`,
			),
		});
	}
}
