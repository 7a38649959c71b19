import { onTestFinished } from "vitest";
import { type LoadedPlugin, loadPlugin } from "../../../src/artifact/load/load-plugin.ts";
import { packPlugin } from "../../../src/artifact/pack/pack-plugin.ts";
import type { HelpdeskHost } from "../../../src/contract/helpdesk-host.ts";
import { LivePlugin } from "../../../src/helpdesk/dev/live-plugin.ts";
import { PluginRecorder } from "../../../src/helpdesk/dev/plugin-recorder.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { createMockHost } from "../../../src/testing/mock-host/mock-host.ts";
import { TINY_MANIFEST, tinyPlugin } from "../artifact/tiny-plugin.ts";

/** A plugin with these hooks, given as code. */
export function pluginOf(
	hooks: string,
	changes: Readonly<Record<string, unknown>> = {},
): Promise<LoadedPlugin> {
	const names = [...hooks.matchAll(/^\s*async (\w+)\(/gm)].map(([, name = ""]) => name);
	const manifest = {
		...TINY_MANIFEST,
		hooks: names.map((name) => ({ hook: name, method: name })),
		capabilities: { network: ["api.x.com"], navigation: [], ports: ["storage", "secrets"] },
		...changes,
	};
	const files = tinyPlugin({
		"plugin.json": JSON.stringify(manifest),
		"main.mjs": `export function createPlugin(host) { return {\n${hooks}\n}; }`,
	});
	return loadPlugin(packPlugin(files).zip);
}

/** A plugin under development in a mock host. */
export function openDeveloping(loaded: LoadedPlugin) {
	const clock = new MockClock();
	const recorder = new PluginRecorder(clock);
	const live = new LivePlugin(loaded, recorder);
	const host = createMockHost({
		plugin: {
			manifest: live.manifest,
			settingsSchema: live.settingsSchema,
			createPlugin: (ports: HelpdeskHost) => live.createPlugin(ports),
		},
		clock,
		storage: new MemoryStorage(clock),
		origins: { "api.x.com": "http://127.0.0.1:1" },
	});
	onTestFinished(() => host.close());
	return { recorder, live, host, plugin: host.plugin };
}
