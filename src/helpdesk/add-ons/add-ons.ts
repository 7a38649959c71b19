import { isStorageError, type StorageCheck } from "../../contract/storage.ts";
import { UnreadableValueError } from "../../storage/stored-value.ts";
import { SaidError } from "../locale/said.ts";
import type { AddOn } from "./add-on.ts";
import type { AddOnParts } from "./add-on-parts.ts";
import { AddOnRecord } from "./add-on-record.ts";
import { AddOnSlot, type BundledPlugin } from "./add-on-slot.ts";
import { AddOnStates, allAddOnRecords } from "./add-on-states.ts";
import { LinkFacts } from "./link-facts.ts";

/** An add-on that cannot be used on this node. */
export interface BrokenAddOn {
	readonly id: string;
	/** Undefined: it cannot be read. */
	readonly record: AddOnRecord | undefined;
	readonly reason: unknown;
}

/** All add-ons of the helpdesk. Which are installed in which version is read again for each request. */
export class AddOns {
	private readonly slots = new Map<string, AddOnSlot>();
	/** The add-ons that were not installed when they were last looked at. */
	private readonly gone = new Set<string>();
	/** Why records cannot be read, by add-on: logged once, not at each request. */
	private readonly reported = new Map<string, string>();
	/** What is linked to the users of the helpdesk, as it knows it. */
	readonly linkFacts: LinkFacts;
	private hasStarted = false;

	constructor(
		private readonly bundled: BundledPlugin,
		private readonly parts: AddOnParts,
	) {
		const { accounts, clock, logError } = parts;
		const { records } = accounts;
		this.linkFacts = new LinkFacts({ records, addOns: this, now: () => clock.now(), logError });
	}

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

	/** @returns undefined for an add-on that was never installed or cannot be used. @throws StorageError */
	async find(pluginId: string): Promise<AddOn | undefined> {
		if (!/^[a-z][a-z0-9-]{1,62}$/.test(pluginId)) {
			return undefined;
		}
		const { storage, clock } = this.parts;
		const known = this.slots.get(pluginId);
		// A slot is made only for add-ons that exist: visitors can ask for any name.
		const states = known?.states ?? new AddOnStates(storage, pluginId, clock);
		try {
			const record = await states.record();
			const isThere = record.current !== undefined || this.isBundled(pluginId);
			return isThere ? await this.withVersion(this.slot(pluginId), record) : undefined;
		} catch (reason) {
			if (isStorageError(reason)) {
				throw reason;
			}
			this.report(pluginId, reason);
			return undefined;
		}
	}

	/** For a commit: nobody has changed, deactivated or uninstalled the add-on since it was read. */
	unchanged({ loaded, record }: AddOn): StorageCheck {
		return this.slot(loaded.manifest.id).states.unchanged(record);
	}

	/** The add-ons that can be used, the bundled one first. */
	async all(): Promise<readonly AddOn[]> {
		return (await this.list()).addOns;
	}

	/** All add-ons, for calls that have to reach every one. @throws Error when one of them cannot be used. */
	async every(): Promise<readonly AddOn[]> {
		const { addOns, broken } = await this.list();
		for (const { id, reason } of broken) {
			if (!(await this.slot(id).states.isPurged())) {
				const said = { key: "add-on-job.blocks-users", values: { addOn: id } } as const;
				throw new SaidError(said, { cause: reason });
			}
		}
		return addOns;
	}

	async list(): Promise<{
		readonly addOns: readonly AddOn[];
		readonly broken: readonly BrokenAddOn[];
	}> {
		const records = await allAddOnRecords(this.parts.storage);
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
			const found = records.get(each) ?? AddOnRecord.EMPTY;
			const record = found instanceof UnreadableValueError ? undefined : found;
			try {
				if (found instanceof UnreadableValueError) {
					throw found;
				}
				const slot = this.slot(each);
				// An add-on without a package is there only where the helpdesk brings its plugin. Other nodes may bring others.
				if (found.current !== undefined || slot.isBundled) {
					addOns.push(await this.withVersion(slot, found));
				}
			} catch (reason) {
				if (isStorageError(reason)) {
					throw reason;
				}
				this.report(each, reason);
				broken.push({ id: each, record, reason });
			}
		}
		return { addOns, broken };
	}

	/** The name of an add-on, as far as this process knows it without a look at the storage; its id otherwise. */
	nameOf(addOnId: string): string {
		const { manifest } = this.bundled.plugin;
		const last = this.gone.has(addOnId) ? undefined : this.slots.get(addOnId)?.last;
		return last?.loaded.manifest.name ?? (this.isBundled(addOnId) ? manifest.name : addOnId);
	}

	/** Other origins that forms may lead to, as far as this process knows which versions serve. */
	formTargets(): readonly string[] {
		const installed = [...this.slots.values()].filter(({ id }) => !this.gone.has(id));
		return installed.flatMap(({ last }) => last?.loaded.manifest.capabilities.navigation ?? []);
	}

	/**
	 * At start-up: activates the active add-ons in this process.
	 *
	 * @param finish sees to it that the deletion of an add-on's data goes on, which was interrupted.
	 */
	async resume(finish: (addOn: AddOn) => Promise<void>): Promise<void> {
		for (const addOn of await this.all()) {
			await addOn.settings.reseal();
			await addOn.plugin.resume();
			if (await this.slot(addOn.loaded.manifest.id).states.isEmptying()) {
				await finish(addOn);
			}
		}
		this.hasStarted = true;
	}

	async close(): Promise<void> {
		for (const { ledger, strays, attempts } of this.slots.values()) {
			await Promise.all([ledger.close(), strays.settled(), attempts.settled()]);
		}
	}

	/**
	 * Proves that an account belongs to its owner. The plugins forget what strangers may have linked to it, and log-ins
	 * that read such a link before open no session.
	 *
	 * @param prove stores the proof and ends all sessions.
	 * @param knowing the plugin that does the proving, which needs no call.
	 * @throws the error of a plugin that refuses. Then nothing is proven.
	 */
	async claiming<Result>(
		userId: string,
		prove: () => Promise<Result>,
		knowing?: string,
	): Promise<Result> {
		return this.linkFacts.around([userId], async () => {
			await this.claim(userId, knowing);
			const result = await prove();
			// Once more: strangers could link again until their sessions ended, and log in by that link until now.
			await this.claim(userId, knowing);
			const { accounts, clock } = this.parts;
			await accounts.endSessions(userId, clock.now());
			return result;
		});
	}

	private async claim(userId: string, knowing: string | undefined): Promise<void> {
		for (const { plugin } of await this.every()) {
			if (plugin.loaded.manifest.id !== knowing) {
				await plugin.userClaimed(userId);
			}
		}
	}

	/** A version that does not load is logged by its slot. */
	private report(pluginId: string, reason: unknown): void {
		if (reason instanceof UnreadableValueError && this.reported.get(pluginId) !== reason.message) {
			this.reported.set(pluginId, reason.message);
			this.parts.logError(`the add-on ${pluginId} cannot be used`, reason);
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
