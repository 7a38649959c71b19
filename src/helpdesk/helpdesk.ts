import { createHmac, type KeyObject } from "node:crypto";
import type { BlockList } from "node:net";
import type { LoadedPlugin } from "../artifact/load/load-plugin.ts";
import type { Brand } from "../contract/brands.ts";
import type { Clock } from "../contract/clock.ts";
import type { PluginEvent } from "../contract/events.ts";
import type { Random } from "../contract/random.ts";
import type { HostStorage } from "../contract/storage.ts";
import { UndiciHttp } from "../ports/undici-http.ts";
import { namespaced } from "../storage/namespaced-storage.ts";
import { type Marketplace, withBundled } from "./add-on-install/folder-marketplace.ts";
import { PackageInstaller } from "./add-on-install/package-installer.ts";
import { type PackageReview, packageReviewer } from "./add-on-install/package-review.ts";
import { AddOns } from "./add-ons/add-ons.ts";
import { hookInTime, type InTime } from "./add-ons/hook-in-time.ts";
import { type Package, PackageStore, sha256Of } from "./add-ons/package-store.ts";
import type { PluginRecorder } from "./dev/plugin-recorder.ts";
import { type Deliver, Outbox } from "./mail/outbox.ts";
import { NAMESPACES } from "./namespaces.ts";
import { Accounts } from "./people/accounts.ts";
import { Operators } from "./people/operators.ts";
import { PasswordLetters } from "./people/password-letters.ts";
import { PasswordResets } from "./people/password-resets.ts";
import { Registration } from "./people/registration.ts";
import { Vault } from "./settings/vault.ts";

export interface HelpdeskOptions {
	/** Of the first brand; the next brands take the following ones. 0: free ports. */
	readonly port: number;
	readonly storage: HostStorage;
	/** The plugin that the helpdesk brings. */
	readonly plugin: LoadedPlugin;
	/** Its zip, to be kept for the nodes that bring another one; without it nobody can go back to it after an upgrade. */
	readonly pluginZip?: Uint8Array;
	/** Where operators find plugins besides uploads; without it there is only the one that the helpdesk brings. */
	readonly marketplace?: Marketplace;
	/** Of publishers; with any, what none of them signed is not installed. */
	readonly trustedKeys?: readonly KeyObject[];
	/** Waits for the hooks of a plugin's life; ten seconds without it. */
	readonly inTime?: InTime;
	readonly clock: Clock;
	readonly random: Random;
	/**
	 * 32 bytes each, the newest first; encrypt secrets and prove forms. All nodes of a helpdesk share them. An old one
	 * stays until its secrets are sealed anew, which a start with the new one does.
	 */
	readonly keys: readonly Uint8Array[];
	/** Where the hosts that plugins call really are, by host name. */
	readonly origins: Readonly<Record<string, string>>;
	/** Public origins of brands behind a proxy, by brand. */
	readonly baseUrls: ReadonlyMap<string, string>;
	/** Log-ins that one address may start at one brand within a minute; 0: as many as it likes. */
	readonly startLimit: number;
	/** Only their `X-Forwarded-For` is believed. */
	readonly trustedProxies: BlockList;
	/** Brings letters on their way; undefined: they stay in the mailbox of the admin area. */
	readonly deliver: Deliver | undefined;
	/** Takes one line of JSON for each event. */
	readonly log: (line: string) => void;
	/** Of the plugin, for its developer: with it the admin area shows what hooks do. */
	readonly recorder?: PluginRecorder | undefined;
}

/** The helpdesk without its sites: what its pages and its commands work with. */
export interface HelpdeskCore {
	readonly operators: Operators;
	readonly registration: Registration;
	readonly accounts: Accounts;
	readonly outbox: Outbox;
	readonly resets: PasswordResets;
	readonly letters: PasswordLetters;
	readonly addOns: AddOns;
	readonly packages: PackageStore;
	readonly installer: PackageInstaller;
	readonly marketplace: Marketplace;
	readonly review: (reviewed: Package) => PackageReview;
	readonly trustsKeys: boolean;
	readonly logError: (what: string, error: unknown) => void;
	close(): Promise<void>;
}

/** Wires the helpdesk for brands at their public addresses. */
export function openHelpdesk(options: HelpdeskOptions, brands: readonly Brand[]): HelpdeskCore {
	const { storage, clock, random, keys, plugin, pluginZip } = options;
	// Whom an event is about stays out of the log.
	const log = ({ subject, userId, ...event }: PluginEvent): void =>
		options.log(JSON.stringify({ time: new Date(clock.now()).toISOString(), ...event }));
	const logError = (what: string, error: unknown): void =>
		log({
			name: "helpdesk.error",
			level: "error",
			message: what,
			fields: { error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
		});
	const operators = new Operators(namespaced(storage, NAMESPACES.operators), random);
	const registration = new Registration(namespaced(storage, NAMESPACES.registration));
	const accounts = new Accounts(
		namespaced(storage, NAMESPACES.accounts),
		registration,
		(email) => operators.has(email),
		logError,
	);
	const outbox = new Outbox(
		namespaced(storage, NAMESPACES.outbox),
		clock,
		options.deliver,
		logError,
	);
	const resets = new PasswordResets(namespaced(storage, NAMESPACES.passwordResets), clock, random);
	const letters = new PasswordLetters(brands, resets, outbox);
	const http = new UndiciHttp(options.origins);
	const packages = new PackageStore(storage, (error) =>
		logError("a stored package cannot be used", error),
	);
	const { inTime = hookInTime, trustedKeys = [] } = options;
	const bundledSha256 = pluginZip && sha256Of(pluginZip);
	const addOns = new AddOns(
		{ plugin, ...(bundledSha256 !== undefined && { sha256: bundledSha256 }) },
		{
			storage,
			packages,
			brands,
			accounts,
			registration,
			outbox,
			letters,
			vault: new Vault(keys.map((key) => derivedKey(key, "vault"))),
			ledgerKeys: keys.map((key) => derivedKey(key, "sign-in ledger")),
			http,
			clock,
			random,
			inTime,
			log,
			logError,
		},
	);
	// Whoever runs the helpdesk trusts what comes with it.
	const review = packageReviewer((sha256) => (sha256 === bundledSha256 ? [] : trustedKeys));
	const installer = new PackageInstaller({
		...{ storage, packages, addOns, brands, outbox, review, clock, inTime, log },
	});
	return {
		operators,
		registration,
		accounts,
		outbox,
		resets,
		letters,
		addOns,
		packages,
		installer,
		marketplace: withBundled(options.marketplace, plugin, pluginZip),
		review,
		trustsKeys: trustedKeys.length > 0,
		logError,
		close: async () => {
			outbox.close();
			await addOns.close();
			await http.close();
		},
	};
}

/** A key of its own for each purpose. */
export function derivedKey(key: Uint8Array, purpose: string): Uint8Array {
	return createHmac("sha256", key).update(purpose).digest();
}
