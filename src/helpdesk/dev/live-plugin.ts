import type { LoadedPlugin } from "../../artifact/load/load-plugin.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { LogInPrices } from "../../contract/log-in-prices.ts";
import type { Manifest } from "../../contract/manifest.ts";
import type { Locales, Plugin } from "../../contract/plugin.ts";
import type { SettingsSchema } from "../../contract/settings-schema.ts";
import type { PluginRecorder } from "./plugin-recorder.ts";

/** A place where the plugin is wired to a helpdesk. */
interface Place {
	readonly host: HelpdeskHost;
	plugin: Partial<Plugin>;
	isActive: boolean;
}

/**
 * A plugin whose code can be replaced while its helpdesk runs, for its developer. Calls that have begun end in the old
 * code. Stored data stays.
 */
export class LivePlugin implements LoadedPlugin {
	/** It serves whatever version is installed, so that its developer sees what they write. */
	readonly isLive = true;
	readonly settingsSchema: SettingsSchema;
	private readonly places: Place[] = [];

	constructor(
		private current: LoadedPlugin,
		private readonly recorder: PluginRecorder,
	) {
		const schema = (): SettingsSchema => this.current.settingsSchema;
		// Other objects keep this one, so it reads the current schema each time.
		this.settingsSchema = {
			$schema: current.settingsSchema.$schema,
			type: "object",
			additionalProperties: false,
			get properties() {
				return schema().properties;
			},
			get required() {
				return schema().required ?? [];
			},
		};
	}

	get manifest(): Manifest {
		return this.current.manifest;
	}

	get settingsPage(): LoadedPlugin["settingsPage"] {
		return this.current.settingsPage;
	}

	get locales(): Locales {
		return this.current.locales;
	}

	get icon(): string {
		return this.current.icon;
	}

	get main(): Uint8Array {
		return this.current.main;
	}

	get logInPrices(): LogInPrices | undefined {
		return this.current.logInPrices;
	}

	createPlugin(host: HelpdeskHost): Partial<Plugin> {
		const place: Place = { host, plugin: this.create(this.current, host), isActive: false };
		this.places.push(place);
		return new Proxy({} as Plugin, { get: (_, name) => hookAt(place, name as keyof Plugin) });
	}

	/** Replaces the code. @throws the error in the new code. The old code goes on then. */
	async swap(next: LoadedPlugin): Promise<void> {
		const [was, is] = [this.manifest.id, next.manifest.id];
		if (was !== is) {
			throw new Error(`its id was ${was} and is ${is} now; start the helpdesk again`);
		}
		const created = this.places.map((place) => ({ place, plugin: this.create(next, place.host) }));
		for (const { place, plugin } of created) {
			if (place.isActive) {
				await plugin.onActivate?.();
			}
		}
		this.current = next;
		for (const { place, plugin } of created) {
			place.plugin = plugin;
		}
	}

	private create(loaded: LoadedPlugin, host: HelpdeskHost): Partial<Plugin> {
		return this.recorder.plugin(loaded.createPlugin(this.recorder.host(host)));
	}
}

function hookAt(place: Place, name: keyof Plugin): unknown {
	switch (name) {
		case "onActivate": {
			const { onActivate } = place.plugin;
			return async () => {
				const report = (await onActivate?.()) ?? { state: "ready" };
				place.isActive = true;
				return report;
			};
		}
		case "onDeactivate":
			return async () => {
				place.isActive = false;
				await place.plugin.onDeactivate?.();
			};
		default:
			return place.plugin[name];
	}
}
