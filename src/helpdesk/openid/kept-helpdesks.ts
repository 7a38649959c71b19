import type { Clock } from "../../contract/clock.ts";
import type { Random } from "../../contract/random.ts";
import type { HostStorage, StorageEntry, StorageValue } from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { isTime, readableEntries, readEntry, type StoredKind } from "../../storage/stored-value.ts";

/** The most helpdesks of one kind that one brand is connected to. */
const MOST_CONNECTED = 100;

/** A use is noted once an hour, so that log-ins do not queue for one entry. */
const NOTED_EVERY_MS = 60 * 60_000;

const ID = /^[a-z0-9-]{1,64}$/;

type Kept = {
	readonly [field: string]: StorageValue;
	readonly id: string;
	readonly preset: string;
	/** Milliseconds since the epoch. */
	readonly createdAt: number;
};

export interface KeptHelpdesksParts<Helpdesk extends Kept> {
	readonly kind: StoredKind<Helpdesk>;
	readonly storage: HostStorage;
	readonly clock: Clock;
	readonly random: Random;
	/** Called for stored ones that cannot be read and are left out of {@link KeptHelpdesks.all}. */
	readonly report: (what: string, error: unknown) => void;
	/** Those that the start configures. A stored one with the id of one of them stays, and does not count. */
	readonly configured: readonly Helpdesk[];
}

/** The helpdesks of one kind that one brand is connected to: the stored ones, and those that the start configures. */
export class KeptHelpdesks<Helpdesk extends Kept> {
	private readonly configured: ReadonlyMap<string, Helpdesk>;
	private readonly used: StoredKind<number>;

	constructor(private readonly parts: KeptHelpdesksParts<Helpdesk>) {
		this.configured = new Map(parts.configured.map((each) => [each.id, each]));
		this.used = {
			name: `${parts.kind.name}/last-used`,
			read: (value) => (isTime(value) ? value : undefined),
		};
	}

	/** Whether the start configures it. Then nothing else changes it. */
	isConfigured(id: string): boolean {
		return this.configured.has(id);
	}

	async find(id: string): Promise<Helpdesk | undefined> {
		const configured = this.configured.get(id);
		const entry = configured === undefined ? await this.entryOf(id) : undefined;
		return configured ?? (entry && readEntry(entry, this.parts.kind));
	}

	/**
	 * The configured ones, and then the stored ones, at most {@link MOST_CONNECTED}, the oldest first.
	 *
	 * @param report called in place of the one of the constructor.
	 */
	async all(report = this.parts.report): Promise<readonly Helpdesk[]> {
		const { storage, kind } = this.parts;
		const { entries } = await storage.list(["helpdesk"], { limit: MOST_CONNECTED });
		const stored = readableEntries(entries, kind, report)
			.map(({ value }) => value)
			.filter(({ id }) => !this.isConfigured(id))
			.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
		return [...this.configured.values(), ...stored];
	}

	/** What is made for a new helpdesk. */
	newOne(preset: string): { readonly id: string; readonly createdAt: number } {
		const { random, clock } = this.parts;
		const id = `${preset}-${Buffer.from(random.bytes(6)).toString("hex")}`;
		return { id, createdAt: clock.now() };
	}

	/** @returns whether there was room: a brand is connected to {@link MOST_CONNECTED} helpdesks at most. */
	async add(value: Helpdesk): Promise<boolean> {
		if ((await this.all()).length >= MOST_CONNECTED) {
			return false;
		}
		const key = keyOf(value.id);
		await this.parts.storage.commit({
			checks: [{ key, version: null }],
			sets: [{ key, value }],
		});
		return true;
	}

	/**
	 * @param change gives the helpdesk as it is from then on. Called again when somebody else changes it meanwhile.
	 * @returns undefined when there is none that can be changed.
	 */
	async change(
		id: string,
		change: (helpdesk: Helpdesk) => Helpdesk,
	): Promise<Helpdesk | undefined> {
		return this.changeEntry(() => this.entryOf(id), change);
	}

	async remove(id: string): Promise<void> {
		if (ID.test(id) && !this.isConfigured(id)) {
			await this.parts.storage.commit({ deletes: [keyOf(id), usedKeyOf(id)] });
		}
	}

	/**
	 * Seals secrets with the first key where another key sealed them, also of those that a configured one hides: it may not be
	 * configured any more one day. Afterwards the other key is no longer needed.
	 *
	 * @param resealed gives the same object when there is nothing to seal.
	 */
	async reseal(resealed: (helpdesk: Helpdesk) => Helpdesk): Promise<void> {
		const { storage, kind, report } = this.parts;
		for await (const page of pagesOf(storage, ["helpdesk"])) {
			for (const { key } of readableEntries(page, kind, report)) {
				await this.changeEntry(() => storage.get(key), resealed);
			}
		}
	}

	/** Notes that somebody has gone there. */
	async noteUse(id: string): Promise<void> {
		const { storage, clock } = this.parts;
		const last = await this.lastUsed(id);
		const now = clock.now();
		if (last === undefined || now - last >= NOTED_EVERY_MS) {
			await storage.commit({ sets: [{ key: usedKeyOf(id), value: now }] });
		}
	}

	/** When somebody last went there, give or take an hour. Milliseconds since the epoch; undefined: never. */
	async lastUsed(id: string): Promise<number | undefined> {
		const entry = await this.parts.storage.get(usedKeyOf(id));
		return entry && readEntry(entry, this.used);
	}

	private changeEntry(
		read: () => Promise<StorageEntry | undefined>,
		change: (helpdesk: Helpdesk) => Helpdesk,
	): Promise<Helpdesk | undefined> {
		const { storage, kind } = this.parts;
		return updateEntry(storage, async () => {
			const entry = await read();
			if (entry === undefined) {
				return { result: undefined };
			}
			const old = readEntry(entry, kind);
			const result = change(old);
			const { key, version } = entry;
			return result === old
				? { result }
				: { commit: { checks: [{ key, version }], sets: [{ key, value: result }] }, result };
		});
	}

	private async entryOf(id: string): Promise<StorageEntry | undefined> {
		return ID.test(id) && !this.isConfigured(id) ? this.parts.storage.get(keyOf(id)) : undefined;
	}
}

function keyOf(id: string) {
	return ["helpdesk", id];
}

function usedKeyOf(id: string) {
	return ["last-used", id];
}
