import { readdir, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { loadPlugin } from "../../artifact/load/load-plugin.ts";
import type { HostStorage } from "../../contract/storage.ts";
import { folderMarketplace } from "../../helpdesk/add-on-install/folder-marketplace.ts";
import { PluginRecorder } from "../../helpdesk/dev/plugin-recorder.ts";
import type { HelpdeskOptions } from "../../helpdesk/helpdesk.ts";
import type { MailServer } from "../../helpdesk/mail/mail-server.ts";
import type { GivenMailServer } from "../../helpdesk/mail/mail-servers.ts";
import { smtpDelivery } from "../../helpdesk/mail/smtp.ts";
import { NAMESPACES } from "../../helpdesk/namespaces.ts";
import { Operators } from "../../helpdesk/people/operators.ts";
import { PASSWORD_COST, PasswordHasher } from "../../helpdesk/people/password-hash.ts";
import { cryptoRandom } from "../../ports/crypto-random.ts";
import { systemClock } from "../../ports/system-clock.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import { CommandError } from "../command-error.ts";
import { readTrustedKey } from "../trusted-key.ts";
import { isFile, makeFolder, readExistingKeyFile, readKeyFile } from "./data-folder.ts";
import { warnOfPasswords } from "./hide-passwords.ts";
import { log, warn } from "./log-line.ts";
import { type OpenedStorage, openStorage } from "./open-storage.ts";
import { PluginWatch } from "./plugin-watch.ts";
import { isPublicAddress } from "./public-address.ts";
import { readSecretOption, SURROUNDINGS } from "./secret-option.ts";
import type { StartOptions } from "./start-options.ts";
import { defaultStorage, readStorageOption } from "./storage-option.ts";

export interface OpenedParts {
	readonly parts: Omit<HelpdeskOptions, "origins">;
	closeStorage(): Promise<void>;
}

/** Opens what `start` needs: storage, keys and the plugin. Storage and keys are made where there are none. */
export async function openHelpdeskParts(options: StartOptions): Promise<OpenedParts> {
	await makeFolder(options.data);
	const keys = await readKeyFile(options.keyFile);
	const { storage, closeStorage } = await openStorage(options.storage, warnOfLosses);
	const built = options.watch === undefined ? await builtPlugin() : await watchedPlugin(options);
	return {
		parts: { ...(await partsOf(options, storage, keys)), ...built.parts },
		closeStorage: async () => {
			await built.close?.();
			await closeStorage();
		},
	};
}

/**
 * Opens the same parts of a helpdesk that exists already. Makes and installs nothing.
 *
 * @throws CommandError that names the place where there is no helpdesk.
 */
export async function openExistingParts(options: StartOptions): Promise<OpenedParts> {
	const { storage, closeStorage } = await openExistingStorage(options);
	const keys = await readExistingKeyFile(options.keyFile);
	const built = await builtPlugin();
	return { parts: { ...(await partsOf(options, storage, keys)), ...built.parts }, closeStorage };
}

/**
 * Opens the storage of a helpdesk that exists already. Makes nothing.
 *
 * @throws CommandError that names the place where there is no helpdesk.
 */
async function openExistingStorage(
	options: Pick<StartOptions, "storage" | "data">,
): Promise<OpenedStorage> {
	const place = await placeOf(options);
	const opened = await openStorage(options.storage, warnOfLosses, false);
	const operators = new Operators(
		namespaced(opened.storage, NAMESPACES.operators),
		cryptoRandom,
		new PasswordHasher(PASSWORD_COST),
	);
	if (await operators.isEmpty()) {
		throw noHelpdesk(place);
	}
	return opened;
}

/**
 * Opens the storage of the helpdesk that the flags of a command name, and warns of passwords among its arguments.
 *
 * @param args the command's arguments.
 * @throws CommandError that names the place where there is no helpdesk.
 */
export async function openNamedStorage(
	flags: { readonly [name in "data" | "storage" | "storage-file"]?: string | undefined },
	args: readonly string[],
): Promise<OpenedStorage> {
	const { data = ".helpdesk" } = flags;
	const given = readSecretOption("storage", flags, { ...SURROUNDINGS, args });
	const storage = given ? readStorageOption(given.value, given) : defaultStorage(data);
	const opened = await openExistingStorage({ data, storage });
	warnOfPasswords(args);
	return opened;
}

async function placeOf({ storage, data }: Pick<StartOptions, "storage" | "data">): Promise<string> {
	switch (storage.kind) {
		case "memory":
			throw new CommandError(
				"--storage memory: is lost when its helpdesk ends, so there is nothing in it; give the storage of a helpdesk",
			);
		case "sqlite": {
			const place = `the folder ${resolve(data)}: no database ${resolve(storage.path)}`;
			// To open the file would make it. An empty file has no tables yet.
			if (!(await isFile(storage.path, 1))) {
				throw noHelpdesk(place);
			}
			return place;
		}
		case "postgres":
		case "redis":
			return `the storage that ${storage.given?.place} names`;
	}
}

function noHelpdesk(place: string): CommandError {
	return new CommandError(
		`there is no helpdesk in ${place}; give the flags that it was started with (--data, --storage)`,
	);
}

function warnOfLosses(message: string): void {
	warn("storage.not-durable", message);
}

/** The storages that outlive a restart, as operators know them. */
const STORAGE_NAMES: Partial<Readonly<Record<StartOptions["storage"]["kind"], string>>> = {
	sqlite: "SQLite",
	postgres: "PostgreSQL",
	redis: "Redis",
};

async function partsOf(
	options: StartOptions,
	storage: HostStorage,
	keys: readonly Uint8Array[],
): Promise<Omit<HelpdeskOptions, "origins" | "plugin">> {
	const trustedKeys = await Promise.all(
		options.trustedPublishers.map((file) => readTrustedKey("--trust-publisher", file)),
	);
	const {
		port,
		configuredBrands,
		baseUrls,
		adminBaseUrl,
		mayBePublic,
		smtp,
		startLimit,
		trustedProxies,
		allowPrivate,
		connectedHelpdesks,
		handOffs,
		hstsSubdomains,
		maxConnections,
	} = options;
	const storageName = STORAGE_NAMES[options.storage.kind];
	return {
		...(storageName !== undefined && { storageName }),
		port,
		storage,
		marketplace: folderMarketplace(options.marketplace),
		trustedKeys,
		clock: systemClock,
		random: cryptoRandom,
		keys,
		configuredBrands,
		baseUrls,
		adminBaseUrl,
		mayServe: (url) => mayBePublic || !isPublicAddress(url),
		deliver: smtp && smtpDelivery(smtp.server),
		mailServer: smtp && asSeen(smtp.server),
		startLimit,
		trustedProxies,
		allowPrivate,
		connectedHelpdesks,
		handOffs,
		hstsSubdomains,
		maxConnections,
		log,
	};
}

/** The mail server as owners see it: without its password. */
function asSeen({ host, port, tls, login, from }: MailServer): GivenMailServer {
	return { host, port, tls, user: login?.user ?? "", from };
}

interface BroughtPlugin {
	readonly parts: Pick<HelpdeskOptions, "plugin" | "pluginZip" | "recorder">;
	close?(): Promise<void>;
}

async function builtPlugin(): Promise<BroughtPlugin> {
	const pluginZip = await builtArtifact();
	return { parts: { plugin: await loadPlugin(pluginZip), pluginZip } };
}

/** Builds the plugin from its source, now and whenever that changes. */
async function watchedPlugin({ watch = "" }: StartOptions): Promise<BroughtPlugin> {
	// The source of the X plugin lies above the built command, where there is any.
	const folder = watch === "" ? fileURLToPath(new URL("..", import.meta.url)) : resolve(watch);
	const recorder = new PluginRecorder(systemClock);
	const watching = await PluginWatch.start(folder, recorder, log);
	return { parts: { plugin: watching.plugin, recorder }, close: () => watching.close() };
}

/** The zip next to this file, as `npm run build` writes it. */
async function builtArtifact(): Promise<Uint8Array> {
	const folder = new URL(".", import.meta.url);
	const zips = (await readdir(folder)).filter((name) => /^x-login-.*\.zip$/.test(name));
	const [name] = zips;
	if (name === undefined || zips.length > 1) {
		throw new CommandError(
			`dist/ has ${zips.length} plugins, but one is needed; run npm run build`,
		);
	}
	return readFile(fileURLToPath(new URL(name, folder)));
}
