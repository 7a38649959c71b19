import { type LoadedPlugin, loadPlugin } from "../../artifact/load/load-plugin.ts";
import type { Brand } from "../../contract/brands.ts";
import type { Clock } from "../../contract/clock.ts";
import type { PluginEvent } from "../../contract/events.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import { type HostStorage, isStorageError } from "../../contract/storage.ts";
import type { Users } from "../../contract/users.ts";
import { emptyStorage } from "../../storage/empty-storage.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import { NoAnswerError, withinTime } from "../../storage/within-time.ts";
import { brandFor } from "../brands.ts";
import { LivePlugin } from "../dev/live-plugin.ts";
import type { Outbox } from "../mail/outbox.ts";
import type { Accounts } from "../people/accounts.ts";
import type { PasswordLetters } from "../people/password-letters.ts";
import type { Registration } from "../people/registration.ts";
import { PluginSettings } from "../settings/plugin-settings.ts";
import type { Vault } from "../settings/vault.ts";
import { SignInLedger } from "../sign-ins/sign-in-ledger.ts";
import { SignInSubjects } from "../sign-ins/sign-in-subjects.ts";
import type { AddOnVersion } from "./add-on.ts";
import type { AddOnRecord } from "./add-on-record.ts";
import { AddOnStates } from "./add-on-states.ts";
import type { PackageStore } from "./package-store.ts";
import { type InTime, PluginHooks } from "./plugin-hooks.ts";
import { SetUpResults } from "./set-up-results.ts";
import { Withdrawal } from "./withdrawal.ts";

/** What the helpdesk has for all of its plugins. */
export interface SlotParts {
	readonly storage: HostStorage;
	readonly packages: PackageStore;
	readonly brands: readonly Brand[];
	readonly accounts: Accounts;
	readonly registration: Registration;
	readonly outbox: Outbox;
	readonly letters: PasswordLetters;
	readonly vault: Vault;
	readonly ledgerKeys: readonly Uint8Array[];
	readonly http: HelpdeskHost["http"];
	readonly clock: Clock;
	readonly random: HelpdeskHost["random"];
	readonly inTime: InTime;
	readonly log: (event: PluginEvent) => void;
	readonly logError: (what: string, error: unknown) => void;
}

/** The ports that differ for a version that is only being tried. */
export type TriedPorts = Pick<HelpdeskHost, "storage" | "mail" | "users"> & {
	readonly isTried: () => boolean;
};

/** A request waits so long for a new version; then the one before answers it. */
const PATIENCE_MS = 1000;
const RETRY_MS = 30_000;

interface Loading {
	readonly sha256: string | undefined;
	readonly version: Promise<AddOnVersion>;
}

/** One plugin of the helpdesk, whatever its version. */
export class AddOnSlot {
	readonly states: AddOnStates;
	readonly ledger: SignInLedger;
	/** As this plugin may act on them. */
	readonly users: Users;
	private serving: AddOnVersion | undefined;
	private loading: Loading | undefined;
	private failed:
		| { readonly sha256: string | undefined; readonly until: number; readonly error: unknown }
		| undefined;

	constructor(
		readonly id: string,
		private readonly bundled:
			| { readonly plugin: LoadedPlugin; readonly sha256?: string }
			| undefined,
		private readonly parts: SlotParts,
		/** What makes an account its owner's own, see `AddOns.claiming`; this plugin knows of it already. */
		claiming: (userId: string, prove: () => Promise<void>) => Promise<void>,
	) {
		const { storage, clock, ledgerKeys, logError } = parts;
		this.users = usersFor(id, parts.accounts, claiming);
		this.states = new AddOnStates(storage, id, clock);
		const signIns = namespaced(this.states.discarding(), ["sign-ins", id]);
		const subjects = new SignInSubjects(signIns, clock, ledgerKeys);
		this.ledger = new SignInLedger(signIns, subjects, clock, logError);
	}

	/** Whether this process has it without the storage. */
	get isBundled(): boolean {
		return this.bundled !== undefined;
	}

	/** Of the one that this process has without the storage. */
	get bundledVersion(): string | undefined {
		return this.bundled?.plugin.manifest.version;
	}

	/** What served last; undefined before anybody asked. */
	get last(): AddOnVersion | undefined {
		return this.serving;
	}

	/**
	 * The version that a record names. Whoever comes while it is loaded shares that; where it cannot be loaded, or takes
	 * long, the one before goes on.
	 *
	 * @param joins whether it is activated on this node, once it is loaded.
	 * @throws Error where there is none before.
	 */
	async at({ current }: AddOnRecord, joins: boolean): Promise<AddOnVersion> {
		const sha256 = current?.sha256;
		const { serving, failed, parts } = this;
		if (serving !== undefined && serving.sha256 === sha256) {
			return serving;
		}
		if (failed !== undefined && failed.sha256 === sha256 && parts.clock.now() < failed.until) {
			if (serving === undefined) {
				throw failed.error;
			}
			return serving;
		}
		const version =
			this.loading?.sha256 === sha256 && this.loading !== undefined
				? this.loading.version
				: this.follow(sha256, this.load(sha256, joins));
		return serving === undefined ? version : withinTime(version, PATIENCE_MS).catch(() => serving);
	}

	/** A version on its way to serve, for those who see it named in the record. */
	follow(sha256: string | undefined, version: Promise<AddOnVersion>): Promise<AddOnVersion> {
		const loading = { sha256, version };
		this.loading = loading;
		version.then(
			(loaded) => {
				if (this.loading === loading) {
					this.serving = loaded;
					this.loading = undefined;
				}
			},
			(error: unknown) => {
				if (this.loading === loading) {
					this.loading = undefined;
					if (!isStorageError(error)) {
						this.failed = { sha256, until: this.parts.clock.now() + RETRY_MS, error };
					}
					this.parts.logError(`a version of ${this.id} cannot be used on this node`, error);
				}
			},
		);
		return version;
	}

	/** Nobody is to wait for it any longer: it came to nothing. */
	unfollow(sha256: string): void {
		if (this.loading?.sha256 === sha256) {
			this.loading = undefined;
		}
	}

	/** Wires a version to the helpdesk. */
	open(loaded: LoadedPlugin, sha256: string | undefined, tried?: TriedPorts): AddOnVersion {
		const { id, states, ledger, users } = this;
		const { storage, accounts, letters, outbox, http, clock, random, log, logError, inTime } =
			this.parts;
		const brands = this.parts.brands.map((brand) => brandFor(brand, id));
		const settings = new PluginSettings(
			namespaced(storage, ["plugin-settings", id]),
			loaded.settingsSchema,
			this.parts.vault,
			clock,
			(error) => logError("a stored secret cannot be used", error),
		);
		const mail = outbox.of(id, namespaced(states.guarded(), ["outbox"]));
		const host: HelpdeskHost = {
			storage: states.dataStorage(),
			secrets: settings,
			settings,
			brands: {
				find: async (brandId) => {
					const brand = brands.find((each) => each.id === brandId);
					return brand && this.current(brand);
				},
				list: () => Promise.all(brands.map((brand) => this.current(brand))),
			},
			users,
			mail,
			http,
			events: {
				emit: (event) => {
					log(event);
					if (tried?.isTried() !== true) {
						ledger.record(event);
					}
				},
			},
			clock,
			random,
			...(tried && { storage: tried.storage, mail: tried.mail, users: tried.users }),
		};
		const plugin = new PluginHooks(
			loaded,
			host,
			states,
			() => this.empty(),
			(hook, error) => logError(`the hook ${hook} of ${id} failed`, error),
			inTime,
		);
		return {
			sha256,
			loaded,
			brands,
			plugin,
			settings,
			ledger,
			tests: new SetUpResults(namespaced(storage, ["set-up-tests", id]), plugin, clock),
			withdrawal: new Withdrawal(brands, plugin, accounts, letters, outbox, settings),
		};
	}

	/** Deletes all that the helpdesk keeps for the plugin. */
	async empty(): Promise<void> {
		const { storage, outbox } = this.parts;
		await this.ledger.settled();
		for (const kept of ["plugin-data", "plugin-settings", "set-up-tests", "sign-ins"]) {
			await emptyStorage(namespaced(storage, [kept, this.id]));
		}
		await outbox.forgetOf(this.id);
	}

	private async load(sha256: string | undefined, joins: boolean): Promise<AddOnVersion> {
		const { inTime, packages } = this.parts;
		const version = this.open(await this.loadedAs(sha256, packages), sha256);
		if (joins) {
			await inTime(version.plugin.join());
		}
		return version;
	}

	private async loadedAs(
		sha256: string | undefined,
		packages: PackageStore,
	): Promise<LoadedPlugin> {
		const { bundled } = this;
		const isMeant = sha256 === undefined || sha256 === bundled?.sha256;
		// Whoever develops it wants what they write to serve, whatever was installed before.
		if (bundled !== undefined && (isMeant || bundled.plugin instanceof LivePlugin)) {
			return bundled.plugin;
		}
		const found = sha256 === undefined ? undefined : await packages.find(sha256);
		if (found === undefined) {
			throw new Error(`the zip of ${this.id} with the SHA-256 ${sha256} is not in the storage`);
		}
		return this.parts.inTime(loadPlugin(found.zip));
	}

	private async current(brand: Brand): Promise<Brand> {
		const { registration } = await this.parts.registration.of(brand.id);
		return { ...brand, registrationOpen: registration !== "closed" };
	}
}

/**
 * The users as one of several plugins has them: none is given the user that another one made under the same key, and
 * whoever has proven to own an account by one of them owns it without what strangers linked to it by another one.
 */
function usersFor(
	pluginId: string,
	accounts: Accounts,
	claiming: (userId: string, prove: () => Promise<void>) => Promise<void>,
): Users {
	return {
		ownerOf: (brandId, email) => accounts.ownerOf(brandId, email),
		find: (userId) => accounts.find(userId),
		create: (key, user) => accounts.create(`${pluginId}\n${key}`, user),
		confirm: async (userId) => {
			const account = await accounts.find(userId);
			if (account === undefined || (account.confirmed && !account.unclaimed)) {
				return;
			}
			await claiming(userId, () => accounts.confirm(userId));
		},
	};
}

/** For hooks of a plugin that is loaded, switched, activated or removed: what takes longer has failed. */
const HOOK_MS = 10_000;

export function hookInTime<Result>(call: Promise<Result>): Promise<Result> {
	return withinTime(call, HOOK_MS).catch((error: unknown) => {
		throw error instanceof NoAnswerError
			? new Error(`it did not end within ${HOOK_MS / 1000} seconds`, { cause: error })
			: error;
	});
}
