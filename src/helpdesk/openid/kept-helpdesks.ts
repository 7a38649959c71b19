import type { Clock } from "../../contract/clock.ts";
import type { Random } from "../../contract/random.ts";
import type {
	HostStorage,
	StorageEntry,
	StorageKey,
	StorageValue,
} from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import {
	fieldsOf,
	isTextOrNull,
	isTime,
	readableEntries,
	readEntry,
	type StoredKind,
} from "../../storage/stored-value.ts";

/** The most helpdesks of one kind that one brand is connected to. */
const MOST_CONNECTED = 100;

/** A use is noted once an hour, so that log-ins do not queue for one entry. */
const NOTED_EVERY_MS = 60 * 60_000;

/** The most characters that are kept of why a test failed. */
const MOST_OF_PROBLEM = 300;

/** How the last test of a helpdesk went. */
export type LastTest = {
	/** Milliseconds since the epoch. */
	readonly at: number;
	/** The error that it would be told, empty for none; null for a test that passed. */
	readonly problem: string | null;
};

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
	private readonly tested: StoredKind<LastTest>;

	constructor(private readonly parts: KeptHelpdesksParts<Helpdesk>) {
		this.configured = new Map(parts.configured.map((each) => [each.id, each]));
		this.used = {
			name: `${parts.kind.name}/last-used`,
			read: (value) => (isTime(value) ? value : undefined),
		};
		this.tested = { name: `${parts.kind.name}/last-test`, read: readLastTest };
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
	 * What the last test found is forgotten with the change.
	 *
	 * @param change gives the helpdesk as it is from then on. Called again when somebody else changes it meanwhile.
	 * @returns undefined when there is none that can be changed.
	 */
	async change(
		id: string,
		change: (helpdesk: Helpdesk) => Helpdesk,
	): Promise<Helpdesk | undefined> {
		return this.changeEntry(() => this.entryOf(id), change, [testKeyOf(id)]);
	}

	async remove(id: string): Promise<void> {
		if (ID.test(id) && !this.isConfigured(id)) {
			await this.parts.storage.commit({ deletes: [keyOf(id), usedKeyOf(id), testKeyOf(id)] });
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

	/**
	 * Notes how a test went, unless the helpdesk was changed or removed since the test began.
	 *
	 * @param helpdesk as it was tested.
	 * @param problem null: it passed.
	 */
	async noteTest(helpdesk: Helpdesk, problem: string | null): Promise<void> {
		const { storage, clock, kind } = this.parts;
		const { id } = helpdesk;
		const entry = await this.entryOf(id);
		const now = entry === undefined ? this.configured.get(id) : kind.read(entry.value);
		if (JSON.stringify(now) !== JSON.stringify(helpdesk)) {
			return;
		}
		const value: LastTest = {
			at: clock.now(),
			problem: problem === null ? null : problem.slice(0, MOST_OF_PROBLEM),
		};
		await storage.commit({
			checks: entry === undefined ? [] : [{ key: entry.key, version: entry.version }],
			sets: [{ key: testKeyOf(id), value }],
		});
	}

	/** How the last tests went, by the id of the helpdesk. One list, whatever there is. Those that cannot be read are left out. */
	async lastTests(): Promise<ReadonlyMap<string, LastTest>> {
		const { storage, report } = this.parts;
		const { entries } = await storage.list([LAST_TEST], { limit: MOST_CONNECTED });
		const tests = readableEntries(entries, this.tested, report);
		return new Map(tests.map(({ key, value }) => [String(key.at(-1)), value]));
	}

	/** @param forgets is deleted with the change. */
	private changeEntry(
		read: () => Promise<StorageEntry | undefined>,
		change: (helpdesk: Helpdesk) => Helpdesk,
		forgets: readonly StorageKey[] = [],
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
				: {
						commit: {
							checks: [{ key, version }],
							...{ sets: [{ key, value: result }], deletes: forgets },
						},
						result,
					};
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

const LAST_TEST = "last-test";

function testKeyOf(id: string): StorageKey {
	return [LAST_TEST, id];
}

function readLastTest(value: StorageValue): LastTest | undefined {
	const { at, problem } = fieldsOf(value);
	return isTime(at) && problem !== undefined && isTextOrNull(problem) ? { at, problem } : undefined;
}
