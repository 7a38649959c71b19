import type { LinkFile } from "./link-transfer.ts";
import type { HookName } from "./plugin.ts";

/** `plugin.json`, as `manifest.schema.json` checks it. */
export interface Manifest {
	readonly manifestVersion: 1;
	/** Part of storage namespaces, cookie names and routes. Never changes once published. */
	readonly id: string;
	readonly name: string;
	/** Semantic version. */
	readonly version: string;
	readonly author: { readonly name: string; readonly url?: string };
	readonly license: string;
	readonly links: { readonly homepage?: string; readonly support?: string };
	/** The versions of the contract and of Node that the plugin works with, as ranges. */
	readonly engines: { readonly contract: string; readonly node: string };
	/** A path inside the artifact, like `main` and `settingsSchema`. */
	readonly icon: string;
	readonly main: string;
	readonly settingsSchema: string;
	readonly locales: { readonly directory: string; readonly default: string };
	/** Keys of the locales, for the pages of the administration. */
	readonly texts: {
		readonly description: string;
		/** What must be true before the steps. Shown above them. */
		readonly prerequisites: readonly string[];
		/** What to do at the provider, in this order. May use `{callbackUrl}`. */
		readonly steps: readonly string[];
		/** Tells the administrator on activation which data leaves the helpdesk. */
		readonly privacy: string;
		/**
		 * Tells visitors about their data: some paragraphs that the administrator can copy into the privacy policy. May use
		 * `{brand}`.
		 */
		readonly privacyPolicy?: string;
	};
	/** The columns of link files, for plugins with `importLinks` or `exportLinks`. */
	readonly linkFile?: LinkFile;
	readonly hooks: readonly { readonly hook: HookName; readonly method: string }[];
	/**
	 * What happens to stored data. `keep-or-purge`: the administrator chooses, and on purge the hook `onUninstall`
	 * deletes what the plugin stored. Without `onUninstall` only the host deletes. `reversible`: the previous version can
	 * read what this version's hook `onUpgrade` stores.
	 */
	readonly lifecycle: {
		readonly activation: "manual";
		readonly onDeactivate: "keep-data";
		readonly onUpgrade?: "reversible";
		readonly onUninstall?: "keep-or-purge";
	};
	readonly capabilities: Capabilities;
}

export interface Capabilities {
	/** Host names the plugin calls from the server. */
	readonly network: readonly string[];
	/**
	 * Origins that the plugin may send a visitor to. Hosts add them to the CSP's `form-action`. An answer that leads to
	 * another origin is refused with a `CapabilityError`.
	 */
	readonly navigation: readonly string[];
	readonly ports: readonly PortCapability[];
}

export type PortCapability =
	| "storage"
	| "secrets"
	| "settings"
	| "users:read"
	| "users:create"
	| "users:confirm"
	| "mail";

/** The version of this contract, for `engines.contract`. */
export const CONTRACT_VERSION = "1.3.0";
