import { type LoadedPlugin, loadPlugin } from "../../artifact/load/load-plugin.ts";
import { isStorageError, type StorageCommit } from "../../contract/storage.ts";
import type { Users } from "../../contract/users.ts";
import { emptyStorage } from "../../storage/empty-storage.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import { withinTime } from "../../storage/within-time.ts";
import { SaidError } from "../locale/said.ts";
import { deletedWith, signInsOf } from "../namespaces.ts";
import { AttemptNotes } from "../sign-ins/attempt-notes.ts";
import { PeopleByDay } from "../sign-ins/people-by-day.ts";
import { SignInLedger } from "../sign-ins/sign-in-ledger.ts";
import { SignInSubjects } from "../sign-ins/sign-in-subjects.ts";
import { StrayCounts } from "../sign-ins/stray-counts.ts";
import type { AddOnVersion } from "./add-on.ts";
import type { AddOnParts } from "./add-on-parts.ts";
import type { AddOnRecord } from "./add-on-record.ts";
import { AddOnStates } from "./add-on-states.ts";
import { openVersion, type TriedPorts } from "./open-version.ts";
import { type Claiming, usersFor } from "./plugin-users.ts";

/** The plugin that the helpdesk brings. */
export interface BundledPlugin {
	readonly plugin: LoadedPlugin & {
		/** Its developer changes its code while it runs, so it serves whatever version is installed. */
		readonly isLive?: boolean;
	};
	/** The SHA-256 of its zip, where that is stored. */
	readonly sha256?: string;
}

/** How long a request waits for a new version until the previous version answers it. */
const PATIENCE_MS = 1000;
/** How long a version that failed to load is left alone. */
const RETRY_MS = 30_000;
/** How many entries one step of a deletion deletes. Each takes two keys of its commit. */
const EMPTIED_AT_ONCE = 190;

interface Loading {
	readonly sha256: string | undefined;
	readonly version: Promise<AddOnVersion>;
}

/** The place of one add-on in this process. Which version serves in it can change. */
export class AddOnSlot {
	readonly states: AddOnStates;
	readonly ledger: SignInLedger;
	readonly people: PeopleByDay;
	readonly attempts: AttemptNotes;
	readonly strays: StrayCounts;
	/** The users as this plugin may see and change them. */
	readonly users: Users;
	private serving: AddOnVersion | undefined;
	private loading: Loading | undefined;
	private failed:
		| { readonly sha256: string | undefined; readonly until: number; readonly error: unknown }
		| undefined;

	constructor(
		readonly id: string,
		private readonly bundled: BundledPlugin | undefined,
		private readonly parts: AddOnParts,
		claiming: Claiming,
	) {
		const { storage, accounts, clock, ledgerKeys, log, logError } = parts;
		this.users = usersFor(id, accounts, claiming);
		this.states = new AddOnStates(storage, id, clock);
		const signIns = namespaced(this.states.discarding(), signInsOf(id));
		const subjects = new SignInSubjects(signIns, clock, ledgerKeys);
		this.people = new PeopleByDay(signIns, clock, logError);
		this.attempts = new AttemptNotes(signIns, clock, logError);
		const { people, attempts } = this;
		this.ledger = new SignInLedger(signIns, subjects, people, attempts, clock, logError);
		this.strays = new StrayCounts(signIns, clock, log, logError);
	}

	/** Whether the helpdesk brings a version of this plugin. */
	get isBundled(): boolean {
		return this.bundled !== undefined;
	}

	/** The version that the helpdesk brings. */
	get bundledVersion(): string | undefined {
		return this.bundled?.plugin.manifest.version;
	}

	/** The version that served last. Undefined until the add-on is used for the first time. */
	get last(): AddOnVersion | undefined {
		return this.serving;
	}

	/**
	 * The version that a record names. Requests that come while it loads share the loading. The previous version goes
	 * on serving while the new one cannot be loaded or takes long.
	 *
	 * @param joins whether it is activated on this node once it is loaded.
	 * @throws Error when no version served before.
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

	/** Lets a version serve as soon as it is ready. Requests that see it named in the record wait for it. */
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

	/** Undoes {@link follow}: the version is not used. */
	unfollow(sha256: string): void {
		if (this.loading?.sha256 === sha256) {
			this.loading = undefined;
		}
	}

	/** Wires a version to the helpdesk. */
	open(loaded: LoadedPlugin, sha256: string | undefined, tried?: TriedPorts): AddOnVersion {
		return openVersion(this, this.parts, loaded, sha256, tried);
	}

	/** Deletes all that the helpdesk keeps for the add-on. */
	async empty(): Promise<void> {
		const { storage, outbox } = this.parts;
		await this.ledger.settled();
		await this.strays.settled();
		await this.attempts.settled();
		for (const namespace of deletedWith(this.id)) {
			await emptyStorage(namespaced(storage, namespace));
		}
		await outbox.forgetOf(this.id);
	}

	/**
	 * The deletion of up to 190 entries of all that. It does not fit any more once one of them has changed, say because the
	 * add-on is installed again.
	 *
	 * @returns undefined when nothing is left.
	 */
	async someLeft(): Promise<StorageCommit | undefined> {
		const { storage, outbox } = this.parts;
		await this.ledger.settled();
		await this.strays.settled();
		await this.attempts.settled();
		for (const namespace of deletedWith(this.id)) {
			const { entries } = await storage.list(namespace, { limit: EMPTIED_AT_ONCE });
			if (entries.length > 0) {
				return {
					checks: entries.map(({ key, version }) => ({ key, version })),
					deletes: entries.map(({ key }) => key),
				};
			}
		}
		await outbox.forgetOf(this.id);
		return undefined;
	}

	private async load(sha256: string | undefined, joins: boolean): Promise<AddOnVersion> {
		const version = this.open(await this.loadedAs(sha256), sha256);
		if (joins) {
			await this.parts.inTime(version.plugin.join());
		}
		return version;
	}

	private async loadedAs(sha256: string | undefined): Promise<LoadedPlugin> {
		const { bundled, parts } = this;
		const isMeant = sha256 === undefined || sha256 === bundled?.sha256;
		if (bundled !== undefined && (isMeant || bundled.plugin.isLive === true)) {
			return bundled.plugin;
		}
		const found = sha256 === undefined ? undefined : await parts.packages.find(sha256);
		if (found === undefined) {
			const values = { addOn: this.id, sha256: String(sha256) };
			throw new SaidError({ key: "add-ons.broken.zip-missing", values });
		}
		return parts.inTime(loadPlugin(found.zip));
	}
}
