import type { HookName } from "../../../src/contract/plugin.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import { calling } from "./break-hooks.ts";
import type { PortalMutants } from "./open-broken.ts";

export const LIFECYCLE_MUTANTS: PortalMutants = {
	"does not tell a plugin that it was deactivated": calling(
		[
			"activates and deactivates a plugin by its hooks, by whatever name the manifest gives the methods",
			"tells a plugin that it is uninstalled once it is deactivated, and what becomes of its data",
		],
		() => ({ onDeactivate: async () => {} }),
	),

	"activates a plugin against its will": calling(
		["keeps a plugin deactivated that does not want to be activated"],
		(hooks) => ({ onActivate: () => hooks.onActivate().catch(() => ({ state: "ready" })) }),
	),

	"goes on calling a deactivated plugin": {
		breaks: [
			"calls no login hook of a deactivated plugin",
			"starts no log-in by a form from before the plugin was deactivated",
		],
		handling: ({ deactivate }, storage) => ({
			deactivate: async () => {
				await deactivate();
				await namespaced(storage, ["plugin-state", "probe"]).commit({
					sets: [{ key: ["state"], value: "active" }],
				});
			},
		}),
	},

	"forgets to tell a deactivated plugin of deletions": calling(
		[
			"tells a plugin of users who are deleted, active or not",
			"keeps what an uninstalled plugin stored, and tells it of users who are deleted",
		],
		(hooks) => {
			let active = false;
			return {
				onActivate: () => {
					active = true;
					return hooks.onActivate();
				},
				onDeactivate: () => {
					active = false;
					return hooks.onDeactivate();
				},
				onUserDeleted: async (userId) => (active ? hooks.onUserDeleted(userId) : undefined),
			};
		},
	),

	"uninstalls a plugin without a word": calling(
		["tells a plugin that it is uninstalled once it is deactivated, and what becomes of its data"],
		() => ({ onUninstall: async () => {} }),
	),

	"deletes what it was to keep": {
		breaks: [
			"keeps what an uninstalled plugin stored, and tells it of users who are deleted",
			"tells a plugin that it is uninstalled once it is deactivated, and what becomes of its data",
		],
		handling: ({ uninstall }) => ({ uninstall: () => uninstall("purge") }),
	},

	"keeps what it was to delete": {
		breaks: [
			"keeps nothing of a plugin that is uninstalled with its data, and calls no hook of it any more",
			"tells a plugin that it is uninstalled once it is deactivated, and what becomes of its data",
		],
		handling: ({ uninstall }) => ({ uninstall: () => uninstall("keep") }),
	},

	"calls methods by the names of hooks that are not listed": {
		breaks: ["calls no hook that the manifest does not list, and has no page in its place"],
		manifest: ({ hooks }) => {
			const all: HookName[] = [
				"onActivate",
				"onSettingsWillSave",
				"handleCallback",
				"continueLogin",
			];
			const added = all
				.filter((name) => hooks.every(({ hook }) => hook !== name))
				.map((hook) => ({
					hook,
					method: `probe${hook.charAt(0).toUpperCase()}${hook.slice(1)}`,
				}));
			return { hooks: [...hooks, ...added] };
		},
	},

	"shows a plugin no secrets before they are saved": calling(
		[
			"asks the plugin about settings before they are saved: what would hold, and secrets typed anew or removed",
		],
		(hooks) => ({
			onSettingsWillSave: (change) => hooks.onSettingsWillSave({ ...change, secrets: {} }),
		}),
	),

	"saves what the plugin refuses": calling(
		["saves no settings that the plugin refuses"],
		(hooks) => ({
			onSettingsWillSave: async (change) => {
				await hooks.onSettingsWillSave(change);
				return [];
			},
		}),
	),
};
