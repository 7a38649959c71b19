import type { HookName } from "../../../src/contract/plugin.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import { calling } from "./break-hooks.ts";
import type { PortalMutants } from "./open-broken.ts";

export const LIFECYCLE_MUTANTS: PortalMutants = {
	"does not tell a plugin that it was deactivated": calling(
		[
			"Activating and deactivating call the methods that the manifest names",
			"onUninstall is called after onDeactivate and says whether data is kept or purged",
		],
		() => ({ onDeactivate: async () => {} }),
	),

	"activates a plugin that refuses activation": calling(
		["A plugin that refuses activation stays deactivated"],
		(hooks) => ({ onActivate: () => hooks.onActivate().catch(() => ({ state: "ready" })) }),
	),

	"goes on calling a deactivated plugin": {
		breaks: [
			"A deactivated plugin gets no call of a login hook",
			"A form shown before deactivation starts no log-in",
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
			"onUserDeleted is called whether or not the plugin is active",
			"Uninstalling can keep the plugin's data, and onUserDeleted is still called",
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

	"uninstalls a plugin without calling onUninstall": calling(
		["onUninstall is called after onDeactivate and says whether data is kept or purged"],
		() => ({ onUninstall: async () => {} }),
	),

	"deletes data that it was asked to keep": {
		breaks: [
			"Uninstalling can keep the plugin's data, and onUserDeleted is still called",
			"onUninstall is called after onDeactivate and says whether data is kept or purged",
		],
		handling: ({ uninstall }) => ({ uninstall: async () => uninstall?.("purge") }),
	},

	"keeps data that it was asked to delete": {
		breaks: [
			"Uninstalling can purge the plugin's settings, and no hook is called any more",
			"onUninstall is called after onDeactivate and says whether data is kept or purged",
		],
		handling: ({ uninstall }) => ({ uninstall: async () => uninstall?.("keep") }),
	},

	"calls methods by the names of hooks that are not listed": {
		breaks: ["A hook that the manifest does not list is not called and has no page"],
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
		["onSettingsWillSave gets the values to be saved and the secrets that are new or removed"],
		(hooks) => ({
			onSettingsWillSave: (change) => hooks.onSettingsWillSave({ ...change, secrets: {} }),
		}),
	),

	"saves what the plugin refuses": calling(
		["Settings that the plugin refuses are not saved"],
		(hooks) => ({
			onSettingsWillSave: async (change) => {
				await hooks.onSettingsWillSave(change);
				return [];
			},
		}),
	),
};
