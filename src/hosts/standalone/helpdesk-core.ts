import { createHmac } from "node:crypto";
import type { BlockList } from "node:net";
import type { LoadedPlugin } from "../../artifact/load-plugin.ts";
import type { Brand } from "../../contract/brands.ts";
import type { Clock } from "../../contract/clock.ts";
import type { PluginEvent } from "../../contract/events.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { Random } from "../../contract/random.ts";
import type { HostStorage } from "../../contract/storage.ts";
import { UndiciHttp } from "../../ports/undici-http.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import { Accounts } from "./accounts.ts";
import { emptyStorage } from "./empty-storage.ts";
import { InstalledPlugin } from "./installed-plugin.ts";
import { Operators } from "./operators.ts";
import { type Deliver, Outbox } from "./outbox.ts";
import { PasswordLetters } from "./password-letters.ts";
import { PasswordResets } from "./password-resets.ts";
import type { PluginRecorder } from "./plugin-recorder.ts";
import { PluginSettings } from "./plugin-settings.ts";
import { PluginStates } from "./plugin-states.ts";
import { Registration } from "./registration.ts";
import { SetUpTests } from "./set-up-tests.ts";
import { SignInLedger } from "./sign-in-ledger.ts";
import { SignInSubjects } from "./sign-in-subjects.ts";
import { Vault } from "./vault.ts";
import { Withdrawal } from "./withdrawal.ts";

export interface HelpdeskOptions {
	/** Of the first brand; the next brands take the following ones. 0: free ports. */
	readonly port: number;
	readonly storage: HostStorage;
	readonly plugin: LoadedPlugin;
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
	readonly settings: PluginSettings;
	readonly plugin: InstalledPlugin;
	readonly tests: SetUpTests;
	readonly ledger: SignInLedger;
	readonly withdrawal: Withdrawal;
	readonly logError: (what: string, error: unknown) => void;
	close(): Promise<void>;
}

/** Wires the helpdesk for brands at their public addresses. */
export function openHelpdesk(options: HelpdeskOptions, brands: readonly Brand[]): HelpdeskCore {
	const { storage, clock, random, keys, plugin: loaded } = options;
	const { id } = loaded.manifest;
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
	const operators = new Operators(namespaced(storage, ["operators"]), random);
	const registration = new Registration(namespaced(storage, ["registration"]));
	const accounts = new Accounts(namespaced(storage, ["accounts"]), registration, (email) =>
		operators.has(email),
	);
	const outbox = new Outbox(namespaced(storage, ["outbox"]), clock, options.deliver);
	const resets = new PasswordResets(namespaced(storage, ["password-resets"]), clock, random);
	const letters = new PasswordLetters(brands, resets, outbox);
	const settings = new PluginSettings(
		namespaced(storage, ["plugin-settings", id]),
		loaded.settingsSchema,
		new Vault(keys.map((key) => derivedKey(key, "vault"))),
		clock,
		(error) => logError("a stored secret cannot be used", error),
	);
	const signIns = namespaced(storage, ["sign-ins", id]);
	const ledgerKeys = keys.map((key) => derivedKey(key, "sign-in ledger"));
	const subjects = new SignInSubjects(signIns, clock, ledgerKeys);
	const ledger = new SignInLedger(signIns, subjects, clock, logError);
	const current = async (brand: Brand): Promise<Brand> => ({
		...brand,
		registrationOpen: (await registration.of(brand.id)).registration !== "closed",
	});
	const http = new UndiciHttp(options.origins);
	const states = new PluginStates(storage, id, clock);
	const host: HelpdeskHost = {
		storage: states.dataStorage(),
		secrets: settings,
		settings,
		brands: {
			find: async (brandId) => {
				const brand = brands.find(({ id }) => id === brandId);
				return brand && current(brand);
			},
			list: () => Promise.all(brands.map(current)),
		},
		users: accounts,
		mail: outbox.of(id),
		http,
		events: {
			emit: (event) => {
				log(event);
				ledger.record(event);
			},
		},
		clock,
		random,
	};
	const empty = async (): Promise<void> => {
		for (const kept of ["plugin-data", "plugin-settings", "set-up-tests"]) {
			await emptyStorage(namespaced(storage, [kept, id]));
		}
		await outbox.forgetOf(id);
	};
	const plugin = new InstalledPlugin(loaded, host, states, empty, (hook, error) =>
		logError(`the hook ${hook} of ${id} failed`, error),
	);
	const tests = new SetUpTests(namespaced(storage, ["set-up-tests", id]), plugin, clock);
	const withdrawal = new Withdrawal(brands, plugin, accounts, letters, outbox, settings);
	return {
		operators,
		registration,
		accounts,
		outbox,
		resets,
		letters,
		settings,
		plugin,
		tests,
		ledger,
		withdrawal,
		logError,
		close: async () => {
			outbox.close();
			await ledger.close();
			await http.close();
		},
	};
}

/** A key of its own for each purpose. */
export function derivedKey(key: Uint8Array, purpose: string): Uint8Array {
	return createHmac("sha256", key).update(purpose).digest();
}
