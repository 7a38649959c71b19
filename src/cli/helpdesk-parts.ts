import { readdir, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { loadPlugin } from "../artifact/load-plugin.ts";
import { folderMarketplace } from "../hosts/standalone/folder-marketplace.ts";
import type { HelpdeskOptions } from "../hosts/standalone/helpdesk-core.ts";
import { PluginRecorder } from "../hosts/standalone/plugin-recorder.ts";
import { smtpDelivery } from "../hosts/standalone/smtp.ts";
import { cryptoRandom } from "../ports/crypto-random.ts";
import { systemClock } from "../ports/system-clock.ts";
import { CommandError } from "./command-error.ts";
import { makeFolder, readKeyFile } from "./data-folder.ts";
import { openStorage } from "./open-storage.ts";
import { PluginWatch } from "./plugin-watch.ts";
import type { StartOptions } from "./start-options.ts";
import { readTrustedKey } from "./trusted-key.ts";

/** What every command about a helpdesk opens: its storage, its keys and the installed plugin. */
export async function openHelpdeskParts(options: StartOptions): Promise<{
	parts: Omit<HelpdeskOptions, "origins">;
	closeStorage: () => Promise<void>;
}> {
	await makeFolder(options.data);
	const keys = await readKeyFile(options.keyFile);
	const log = (line: string): void => console.error(line);
	const { storage, closeStorage } = await openStorage(options.storage, (message) => {
		const time = new Date(systemClock.now()).toISOString();
		log(JSON.stringify({ time, name: "storage.not-durable", level: "warn", message, fields: {} }));
	});
	const built = options.watch === undefined ? await builtPlugin() : await watchedPlugin(options);
	const trustedKeys = await Promise.all(
		options.trustedPublishers.map((file) => readTrustedKey("--trust-publisher", file)),
	);
	const { port, baseUrls, smtp, startLimit, trustedProxies } = options;
	const parts = {
		port,
		storage,
		...built.parts,
		marketplace: folderMarketplace(options.marketplace),
		trustedKeys,
		clock: systemClock,
		random: cryptoRandom,
		keys,
		baseUrls,
		deliver: smtp && smtpDelivery(smtp.url, smtp.from),
		startLimit,
		trustedProxies,
		log,
	};
	const close = async (): Promise<void> => {
		await built.close?.();
		await closeStorage();
	};
	return { parts, closeStorage: close };
}

interface BroughtPlugin {
	readonly parts: Pick<HelpdeskOptions, "plugin" | "pluginZip" | "recorder">;
	close?(): Promise<void>;
}

async function builtPlugin(): Promise<BroughtPlugin> {
	const pluginZip = await builtArtifact();
	return { parts: { plugin: await loadPlugin(pluginZip), pluginZip } };
}

/** Built from the source, here and whenever that changes. */
async function watchedPlugin({ watch = "" }: StartOptions): Promise<BroughtPlugin> {
	// This plugin's own source lies above the built command, where there is any.
	const folder = watch === "" ? fileURLToPath(new URL("..", import.meta.url)) : resolve(watch);
	const recorder = new PluginRecorder(systemClock);
	const watching = await PluginWatch.start(folder, recorder, (sentence) => console.error(sentence));
	return { parts: { plugin: watching.plugin, recorder }, close: () => watching.close() };
}

/** The zip beside this file, as `npm run build` leaves it. */
async function builtArtifact(): Promise<Uint8Array> {
	const folder = new URL(".", import.meta.url);
	const zips = (await readdir(folder)).filter((name) => /^x-login-.*\.zip$/.test(name));
	const [name] = zips;
	if (name === undefined || zips.length > 1) {
		throw new CommandError(
			`there are ${zips.length} plugins in dist/, but one is needed; run npm run build`,
		);
	}
	return readFile(fileURLToPath(new URL(name, folder)));
}
