import type { Clock } from "../../contract/clock.ts";
import type { UninstallData } from "../../contract/impact.ts";
import type {
	HostStorage,
	StorageCommit,
	StorageKey,
	StorageValue,
} from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import { AddOnRecord, type AddOnStatus } from "./add-on-record.ts";

const ROOT = "plugin-state";
const STATE = ["state"];
const FAILURE = ["failure"];
const PURGED = ["purged"];
/** Of {@link PURGED}, until all is deleted. */
const EMPTYING = "emptying";
const MAX_REASON = 500;

/** Why a plugin cannot be activated. */
interface ActivationFailure {
	readonly [name: string]: string | number;
	/** What the plugin said at the last try, at most 500 characters; empty when it said nothing. */
	readonly reason: string;
	/** Of the first try since it last worked. Milliseconds since the epoch. */
	readonly since: number;
}

export type AddOnState =
	| { readonly kind: "active" | "disabled" }
	| { readonly kind: "failed"; readonly failure: ActivationFailure }
	/**
	 * `kept`: whether what was stored for it is still there, for when it is installed again. `emptying`: it was to be
	 * deleted, and some of it may still be there.
	 */
	| { readonly kind: "not-installed"; readonly kept: boolean; readonly emptying?: true };

/** What a plugin said, short enough to be shown. */
export function reasonIn(error: unknown): string {
	const said = error instanceof Error ? error.message : typeof error === "string" ? error : "";
	return said.trim().slice(0, MAX_REASON);
}

/** Of every plugin that was ever installed, by its id. */
export async function allAddOnRecords(
	root: HostStorage,
): Promise<ReadonlyMap<string, AddOnRecord>> {
	const records = new Map<string, AddOnRecord>();
	for await (const entries of pagesOf(root, [ROOT])) {
		for (const { key, value, version } of entries) {
			const [, pluginId = "", ...rest] = key;
			if (rest.length === 1 && rest[0] === STATE[0]) {
				records.set(pluginId, AddOnRecord.of(value, version));
			}
		}
	}
	return records;
}

/**
 * Whether a plugin is installed and active, and in which version: one record, read per request, so that every node
 * follows.
 */
export class AddOnStates {
	private readonly storage: HostStorage;

	/** @param root the storage of the helpdesk. */
	constructor(
		private readonly root: HostStorage,
		private readonly pluginId: string,
		private readonly clock: Clock,
	) {
		this.storage = namespaced(root, [ROOT, pluginId]);
	}

	async record(): Promise<AddOnRecord> {
		const entry = await this.storage.get(STATE);
		return AddOnRecord.of(entry?.value, entry?.version);
	}

	/** Disabled until an administrator says otherwise. */
	async read(): Promise<AddOnState> {
		const { status } = await this.record();
		if (status === "active") {
			return { kind: "active" };
		}
		if (status === "uninstalled") {
			const purged = await this.storage.get(PURGED);
			return {
				kind: "not-installed",
				kept: purged === undefined,
				...(purged?.value === EMPTYING && { emptying: true }),
			};
		}
		const failure = (await this.storage.get(FAILURE))?.value as ActivationFailure | undefined;
		return failure === undefined ? { kind: "disabled" } : { kind: "failed", failure };
	}

	async isActive(): Promise<boolean> {
		return (await this.record()).status === "active";
	}

	async isPurged(): Promise<boolean> {
		return (await this.storage.get(PURGED)) !== undefined;
	}

	/** Whether a deletion was begun and did not end. */
	async isEmptying(): Promise<boolean> {
		return (await this.storage.get(PURGED))?.value === EMPTYING;
	}

	/** Unless it was uninstalled meanwhile. */
	async activated(): Promise<void> {
		await this.change((status) => (status === "uninstalled" ? status : "active"), {
			deletes: [FAILURE],
		});
	}

	async deactivated(): Promise<void> {
		await this.change((status) => (status === "active" ? "disabled" : status));
	}

	async failed(error: unknown): Promise<void> {
		const before = (await this.storage.get(FAILURE))?.value as ActivationFailure | undefined;
		const value: ActivationFailure = {
			reason: reasonIn(error),
			since: before?.since ?? this.clock.now(),
		};
		await this.storage.commit({ sets: [{ key: FAILURE, value }] });
	}

	/** With `purge`, nothing is stored in {@link guarded} storage from now on; {@link emptied} is to follow. */
	async uninstalled(data: UninstallData): Promise<void> {
		const sets = data === "purge" ? [{ key: PURGED, value: EMPTYING }] : [];
		await this.change(() => "uninstalled", { sets, deletes: [FAILURE] });
	}

	/** Nothing that was stored for it is left. */
	async emptied(): Promise<void> {
		const entry = await this.storage.get(PURGED);
		if (entry !== undefined) {
			await this.storage.commit({
				checks: [{ key: PURGED, version: entry.version }],
				sets: [{ key: PURGED, value: true }],
			});
		}
	}

	async installed(): Promise<void> {
		await this.change((status) => (status === "uninstalled" ? "disabled" : status), {
			deletes: [PURGED],
		});
	}

	/** Part of a commit: another record in place of the one that was read, unless that has changed meanwhile. */
	recording(before: AddOnRecord, { value }: AddOnRecord): Required<StorageCommit> {
		const key = this.rootKey(STATE);
		return {
			checks: [{ key, version: before.entryVersion }],
			sets: value === undefined ? [] : [{ key, value }],
			deletes: value === undefined ? [key] : [],
		};
	}

	/** The same; a plugin that was uninstalled is installed by it. */
	replacing(before: AddOnRecord, after: AddOnRecord): Required<StorageCommit> {
		const { deletes, ...rest } = this.recording(before, after);
		return { ...rest, deletes: [...deletes, this.rootKey(FAILURE), this.rootKey(PURGED)] };
	}

	/** Part of a commit: forgets that there ever was such a plugin; what is still on its way is stored no more than before. */
	forgetting(before: AddOnRecord): Required<StorageCommit> {
		const key = this.rootKey(STATE);
		return {
			checks: [{ key, version: before.entryVersion }],
			sets: [{ key: this.rootKey(PURGED), value: true }],
			deletes: [key, this.rootKey(FAILURE)],
		};
	}

	/**
	 * The helpdesk's storage for what is kept for the plugin. What a request still wants to store that was on its way when
	 * all was deleted would stay behind, so it is refused, in the same commit.
	 */
	guarded(): HostStorage {
		return this.guardedBy(() => {
			throw new Error("the plugin is uninstalled and its data deleted: nothing more is stored");
		});
	}

	/** The same, for what nobody waits for: it comes to nothing. */
	discarding(): HostStorage {
		return this.guardedBy(() => true);
	}

	/** Where the plugin stores, in {@link guarded} storage. */
	dataStorage(): HostStorage {
		return namespaced(this.guarded(), this.dataNamespace());
	}

	dataNamespace(): StorageKey {
		return ["plugin-data", this.pluginId];
	}

	private guardedBy(purgedMeanwhile: () => boolean): HostStorage {
		const { root } = this;
		const purged = { key: this.rootKey(PURGED), version: null };
		return {
			get: (key) => root.get(key),
			take: (key) => root.take(key),
			list: (prefix, options) => root.list(prefix, options),
			commit: async ({ checks = [], ...writes }) => {
				const done = await root.commit({ ...writes, checks: [...checks, purged] });
				return !done && (await this.isPurged()) ? purgedMeanwhile() : done;
			},
		};
	}

	private rootKey(key: StorageKey): StorageKey {
		return [ROOT, this.pluginId, ...key];
	}

	private async change(
		next: (status: AddOnStatus) => AddOnStatus,
		{
			sets = [],
			deletes = [],
		}: {
			readonly sets?: readonly { readonly key: StorageKey; readonly value: StorageValue }[];
			readonly deletes?: readonly StorageKey[];
		} = {},
	): Promise<void> {
		let done = false;
		while (!done) {
			const before = await this.record();
			const { value } = before.with(next(before.status));
			done = await this.storage.commit({
				checks: [{ key: STATE, version: before.entryVersion }],
				sets: value === undefined ? sets : [...sets, { key: STATE, value }],
				deletes: value === undefined ? [...deletes, STATE] : deletes,
			});
		}
	}
}
