import type { Clock } from "../../contract/clock.ts";
import type { UninstallData } from "../../contract/impact.ts";
import type {
	HostStorage,
	StorageCheck,
	StorageCommit,
	StorageKey,
	StorageValue,
} from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import { orUnreadable, readEntry, UnreadableValueError } from "../../storage/stored-value.ts";
import { inEnglish, type Said, SaidError, saidBy } from "../locale/said.ts";
import { readMessage, saidAgain, storedMessage } from "../locale/stored-message.ts";
import { NAMESPACES, pluginDataOf, pluginStateOf } from "../namespaces.ts";
import { AddOnRecord, type AddOnStatus } from "./add-on-record.ts";
import { guardedStorage } from "./guarded-storage.ts";
import { schemaKind } from "./schema-kind.ts";

const STATE = ["state"];
const FAILURE = ["failure"];
const PURGED = ["purged"];
/** The value of {@link PURGED} until all is deleted. */
const EMPTYING = "emptying";
/** In characters. */
export const MAX_REASON = 500;

type StoredFailure = {
	/** In English. */
	readonly reason: string;
	readonly since: number;
	/** What stands for the reason. Null for what the plugin said, left out by earlier versions. */
	readonly said?: StorageValue;
};

const STORED_FAILURE = schemaKind<StoredFailure>("plugin-state", {
	type: "object",
	required: ["reason", "since"],
	properties: { reason: { type: "string" }, since: { type: "number" } },
});

/** Why an add-on cannot be activated. */
interface ActivationFailure {
	/** What the plugin said at the last try, at most 500 characters, or a message of the helpdesk. Empty: nothing was said. */
	readonly reason: Said;
	/** The time of the first try since it last worked, in milliseconds since the epoch. Undefined: unknown. */
	readonly since: number | undefined;
}

export type AddOnState =
	| { readonly kind: "active" | "disabled" }
	| { readonly kind: "failed"; readonly failure: ActivationFailure }
	/**
	 * `kept`: its data is kept for when it is installed again. `emptying`: its data is being deleted, and some of it may
	 * still be there.
	 */
	| { readonly kind: "not-installed"; readonly kept: boolean; readonly emptying?: true };

/** What a plugin said, short enough to be shown, or the message of the helpdesk. Empty: nothing was said. */
export function reasonIn(error: unknown): Said {
	const isSaid = error instanceof Error || typeof error === "string";
	const said = isSaid ? saidBy(error) : "";
	return typeof said === "string" ? said.trim().slice(0, MAX_REASON) : said;
}

/** The record of every add-on that was ever installed, by its id, or the reason why it cannot be read. */
export async function allAddOnRecords(
	root: HostStorage,
): Promise<ReadonlyMap<string, AddOnRecord | UnreadableValueError>> {
	const records = new Map<string, AddOnRecord | UnreadableValueError>();
	for await (const entries of pagesOf(root, NAMESPACES.pluginStates)) {
		for (const entry of entries) {
			const [, pluginId = "", ...rest] = entry.key;
			if (rest.length === 1 && rest[0] === STATE[0]) {
				records.set(pluginId, await orUnreadable(() => AddOnRecord.read(pluginId, entry)));
			}
		}
	}
	return records;
}

/**
 * Whether an add-on is installed and active, and in which version. It is one record, read for each request, so that every
 * node follows it.
 */
export class AddOnStates {
	private readonly storage: HostStorage;

	/** @param root the storage of the helpdesk. */
	constructor(
		private readonly root: HostStorage,
		private readonly pluginId: string,
		private readonly clock: Clock,
	) {
		this.storage = namespaced(root, pluginStateOf(pluginId));
	}

	/** @throws UnreadableValueError */
	async record(): Promise<AddOnRecord> {
		const entry = await this.storage.get(STATE);
		return entry === undefined ? AddOnRecord.EMPTY : AddOnRecord.read(this.pluginId, entry);
	}

	/** An add-on is disabled until an administrator activates it. @throws UnreadableValueError */
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
		const failure = await this.failure();
		return failure === undefined ? { kind: "disabled" } : { kind: "failed", failure };
	}

	async isActive(): Promise<boolean> {
		return (await this.record()).status === "active";
	}

	async isPurged(): Promise<boolean> {
		return (await this.storage.get(PURGED)) !== undefined;
	}

	/** Whether the deletion of its data has begun and not ended. */
	async isEmptying(): Promise<boolean> {
		return (await this.storage.get(PURGED))?.value === EMPTYING;
	}

	/** Stores that it is active, unless it was uninstalled in the meantime. */
	async activated(): Promise<void> {
		await this.change((status) => (status === "uninstalled" ? status : "active"), {
			deletes: [FAILURE],
		});
	}

	async deactivated(): Promise<void> {
		await this.change((status) => (status === "active" ? "disabled" : status));
	}

	/** A note of an earlier failure that cannot be read stays as it is. */
	async failed(error: unknown): Promise<void> {
		const entry = await this.storage.get(FAILURE);
		const before = entry && STORED_FAILURE.read(entry.value);
		if (entry !== undefined && before === undefined) {
			return;
		}
		const since = before?.since ?? this.clock.now();
		const reason = reasonIn(error);
		const said = storedMessage(reason);
		const value: StoredFailure = { reason: inEnglish(reason).slice(0, MAX_REASON), since, said };
		await this.storage.commit({ sets: [{ key: FAILURE, value }] });
	}

	/** After `purge`, {@link guarded} storage takes nothing more. Call {@link emptied} once all is deleted. */
	async uninstalled(data: UninstallData): Promise<void> {
		const sets = data === "purge" ? [{ key: PURGED, value: EMPTYING }] : [];
		await this.change(() => "uninstalled", { sets, deletes: [FAILURE] });
	}

	/** Like `uninstalled("purge")`, for a record that cannot be read and that an operator gives up. */
	async givenUp(): Promise<void> {
		await updateEntry(this.storage, async () => {
			const entry = await this.storage.get(STATE);
			const commit = {
				checks: [{ key: STATE, version: entry?.version ?? null }],
				sets: [
					{ key: STATE, value: "uninstalled" },
					{ key: PURGED, value: EMPTYING },
				],
				deletes: [FAILURE],
			};
			return { commit, result: undefined };
		});
	}

	/** Records that all its data is deleted. */
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

	/** Part of a commit: the record is as it was read. */
	unchanged({ entryVersion }: AddOnRecord): StorageCheck {
		return { key: this.rootKey(STATE), version: entryVersion };
	}

	/** Part of a commit: replaces the record that was read. The commit fails if the record changed in the meantime. */
	recording(before: AddOnRecord, { value }: AddOnRecord): Required<StorageCommit> {
		const key = this.rootKey(STATE);
		return {
			checks: [this.unchanged(before)],
			sets: value === undefined ? [] : [{ key, value }],
			deletes: value === undefined ? [key] : [],
		};
	}

	/** Like {@link recording}. Also installs an add-on that was uninstalled. */
	replacing(before: AddOnRecord, after: AddOnRecord): Required<StorageCommit> {
		const { deletes, ...rest } = this.recording(before, after);
		return { ...rest, deletes: [...deletes, this.rootKey(FAILURE), this.rootKey(PURGED)] };
	}

	/** Part of a commit: forgets the add-on. Requests that are still under way store nothing for it. */
	forgetting(before: AddOnRecord): Required<StorageCommit> {
		const key = this.rootKey(STATE);
		return {
			checks: [{ key, version: before.entryVersion }],
			sets: [{ key: this.rootKey(PURGED), value: true }],
			deletes: [key, this.rootKey(FAILURE)],
		};
	}

	/** The helpdesk's storage for the data of the add-on. Commits after a purge throw an Error. */
	guarded(): HostStorage {
		return guardedStorage(this.root, this.rootKey(PURGED), () => {
			throw new SaidError({ key: "add-on-failure.data-deleted" });
		});
	}

	/** Like {@link guarded}, for writes that nobody waits for: commits after a purge are dropped without an error. */
	discarding(): HostStorage {
		return guardedStorage(this.root, this.rootKey(PURGED), () => true);
	}

	/** The plugin's own part of {@link guarded} storage. */
	dataStorage(): HostStorage {
		return namespaced(this.guarded(), this.dataNamespace());
	}

	dataNamespace(): StorageKey {
		return pluginDataOf(this.pluginId);
	}

	/** A note that cannot be read still says that the last activation failed. */
	private async failure(): Promise<ActivationFailure | undefined> {
		const entry = await this.storage.get(FAILURE);
		const failure = await orUnreadable(() => entry && readEntry(entry, STORED_FAILURE));
		if (failure instanceof UnreadableValueError) {
			return { reason: saidBy(failure), since: undefined };
		}
		return (
			failure && {
				reason: saidAgain(readMessage(failure.said) ?? null, failure.reason),
				since: failure.since,
			}
		);
	}

	private rootKey(key: StorageKey): StorageKey {
		return [...pluginStateOf(this.pluginId), ...key];
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
		await updateEntry(this.storage, async () => {
			const before = await this.record();
			const { value } = before.with(next(before.status));
			const commit = {
				checks: [{ key: STATE, version: before.entryVersion }],
				sets: value === undefined ? sets : [...sets, { key: STATE, value }],
				deletes: value === undefined ? [...deletes, STATE] : deletes,
			};
			return { commit, result: undefined };
		});
	}
}
