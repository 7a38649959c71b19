import type { LoadedPlugin } from "../../artifact/load/load-plugin.ts";
import { isStorageError } from "../../contract/storage.ts";
import type { AddOn } from "./add-on.ts";
import { AddOnRecord } from "./add-on-record.ts";
import { AddOnSlot, type SlotParts } from "./add-on-slot.ts";
import { AddOnStates, allAddOnRecords } from "./add-on-states.ts";

/** The plugin that the helpdesk brings. */
export interface BundledPlugin {
	readonly plugin: LoadedPlugin;
	/** Of its zip, where that is stored. */
	readonly sha256?: string;
}

/** A plugin that is installed and cannot be used on this node. */
export interface BrokenAddOn {
	readonly id: string;
	readonly record: AddOnRecord;
	readonly reason: unknown;
}

/** All plugins of the helpdesk. What is installed in which version is read anew for each request. */
export class AddOns {
	private readonly slots = new Map<string, AddOnSlot>();
	/** Those that were last seen not to be installed. */
	private readonly gone = new Set<string>();
	private hasStarted = false;

	constructor(
		private readonly bundled: BundledPlugin,
		private readonly parts: SlotParts,
	) {}

	slot(pluginId: string): AddOnSlot {
		const known = this.slots.get(pluginId);
		if (known !== undefined) {
			return known;
		}
		const bundled = this.isBundled(pluginId) ? this.bundled : undefined;
		const slot = new AddOnSlot(pluginId, bundled, this.parts, (userId, prove) =>
			this.claiming(userId, prove, pluginId),
		);
		this.slots.set(pluginId, slot);
		return slot;
	}

	/** @returns undefined for one that was never installed, or cannot be used. @throws StorageError */
	async find(pluginId: string): Promise<AddOn | undefined> {
		if (!/^[a-z][a-z0-9-]{1,62}$/.test(pluginId)) {
			return undefined;
		}
		const { storage, clock } = this.parts;
		const known = this.slots.get(pluginId);
		// Whoever asks for names by the thousand leaves nothing in memory.
		const states = known?.states ?? new AddOnStates(storage, pluginId, clock);
		const record = await states.record();
		const isThere = record.current !== undefined || this.isBundled(pluginId);
		if (!isThere) {
			return undefined;
		}
		return this.withVersion(this.slot(pluginId), record).catch((reason: unknown) => {
			if (isStorageError(reason)) {
				throw reason;
			}
			return undefined;
		});
	}

	/** Those that can be used, the one that the helpdesk brings first. */
	async all(): Promise<readonly AddOn[]> {
		return (await this.list()).addOns;
	}

	/** @throws why one of them cannot be used: for what has to reach every one. */
	async every(): Promise<readonly AddOn[]> {
		const { addOns, broken } = await this.list();
		for (const { id, reason } of broken) {
			if (!(await this.slot(id).states.isPurged())) {
				throw new Error(`${id} cannot be used, so nobody can tell what it keeps`, {
					cause: reason,
				});
			}
		}
		return addOns;
	}

	async list(): Promise<{
		readonly addOns: readonly AddOn[];
		readonly broken: readonly BrokenAddOn[];
	}> {
		const records = new Map(await allAddOnRecords(this.parts.storage));
		const { id } = this.bundled.plugin.manifest;
		const others = [...records.keys()].filter((each) => each !== id).sort();
		for (const each of this.slots.keys()) {
			if (!records.has(each) && each !== id) {
				this.gone.add(each);
			}
		}
		const addOns: AddOn[] = [];
		const broken: BrokenAddOn[] = [];
		for (const each of [id, ...others]) {
			const slot = this.slot(each);
			const record = records.get(each) ?? AddOnRecord.of(undefined, undefined);
			// Another node may run one that it brings, which this one has not.
			if (record.current !== undefined || slot.isBundled) {
				try {
					addOns.push(await this.withVersion(slot, record));
				} catch (reason) {
					if (isStorageError(reason)) {
						throw reason;
					}
					broken.push({ id: each, record, reason });
				}
			}
		}
		return { addOns, broken };
	}

	/** Where forms may lead besides here, as far as it is known which versions serve. */
	formTargets(): readonly string[] {
		const installed = [...this.slots.values()].filter(({ id }) => !this.gone.has(id));
		return installed.flatMap(({ last }) => last?.loaded.manifest.capabilities.navigation ?? []);
	}

	/** What active plugins do at start-up, and what was left to be deleted. */
	async resume(): Promise<void> {
		for (const { plugin, settings } of await this.all()) {
			await settings.reseal();
			await plugin.resume();
		}
		this.hasStarted = true;
	}

	async close(): Promise<void> {
		await Promise.all([...this.slots.values()].map(({ ledger }) => ledger.close()));
	}

	/**
	 * Makes an account its owner's own: the plugins forget what strangers may have linked to it.
	 *
	 * @param prove stores that it is theirs, and ends all sessions.
	 * @param knowing the plugin that knows of it already.
	 * @throws what a plugin says against it, before anything is proven.
	 */
	async claiming<Result>(
		userId: string,
		prove: () => Promise<Result>,
		knowing?: string,
	): Promise<Result> {
		await this.claim(userId, knowing);
		const result = await prove();
		// Until the strangers' sessions ended they could link anew.
		await this.claim(userId, knowing);
		return result;
	}

	private async claim(userId: string, knowing: string | undefined): Promise<void> {
		for (const { plugin } of await this.every()) {
			if (plugin.loaded.manifest.id !== knowing) {
				await plugin.userClaimed(userId);
			}
		}
	}

	private isBundled(pluginId: string): boolean {
		return pluginId === this.bundled.plugin.manifest.id;
	}

	private async withVersion(slot: AddOnSlot, record: AddOnRecord): Promise<AddOn> {
		if (record.status === "uninstalled") {
			this.gone.add(slot.id);
		} else {
			this.gone.delete(slot.id);
		}
		const joins = this.hasStarted && record.status === "active";
		return { ...(await slot.at(record, joins)), record };
	}
}
