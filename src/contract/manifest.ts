import type { LinkFile } from "./link-transfer.ts";
import type { HookName } from "./plugin.ts";

/** `plugin.json`, as `manifest.schema.json` checks it. */
export interface Manifest {
	readonly manifestVersion: 1;
	/** Never changes once published; part of storage namespaces, cookie names and routes. */
	readonly id: string;
	readonly name: string;
	/** Semantic version. */
	readonly version: string;
	readonly author: { readonly name: string; readonly url?: string };
	readonly license: string;
	readonly links: { readonly homepage?: string; readonly support?: string };
	/** Ranges of the contract's version and of Node that the plugin works with. */
	readonly engines: { readonly contract: string; readonly node: string };
	/** Paths inside the artifact. */
	readonly icon: string;
	readonly main: string;
	readonly settingsSchema: string;
	readonly locales: { readonly directory: string; readonly default: string };
	/** Keys of the locales, for the administrator's pages. */
	readonly texts: {
		readonly description: string;
		/** What must be true before the steps; shown above them. */
		readonly prerequisites: readonly string[];
		/** What to do at the provider, in order. May use `{callbackUrl}`. */
		readonly steps: readonly string[];
		/** What the administrator is told on activation about data that leaves the helpdesk. */
		readonly privacy: string;
		/**
		 * What visitors are told about their data: a text of some paragraphs for the privacy policy, to be copied. May use
		 * `{brand}`.
		 */
		readonly privacyPolicy?: string;
	};
	/** For plugins with `importLinks` or `exportLinks`. */
	readonly linkFile?: LinkFile;
	readonly hooks: readonly { readonly hook: HookName; readonly method: string }[];
	/**
	 * What happens to stored data. `keep-or-purge`: the administrator chooses, and the hook `onUninstall` deletes what the
	 * plugin stored if they want it; without it only the host deletes. `reversible`: the version before can read what the
	 * hook `onUpgrade` of this one stores.
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
	 * Origins a visitor may be sent to; hosts add them to the CSP's `form-action`. An answer of a hook that leads to any
	 * other one is refused with a `CapabilityError`.
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
export const CONTRACT_VERSION = "1.0.0";
