import { randomUUID } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "../../contract/clock.ts";
import type {
	HostStorage,
	StorageCommit,
	StorageEntry,
	StorageKey,
} from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import {
	type ReadEntry,
	readableEntries,
	readEntry,
	type StoredKind,
	UnreadableValueError,
} from "../../storage/stored-value.ts";
import {
	type DayCount,
	dayAfter,
	dayKey,
	isUnnamed,
	keptUntil,
	monthOf,
	partsOf,
	peopleKey,
	personKey,
	STORED_PEOPLE,
	STORED_UNNAMED,
	startOfDay,
	startOfMonth,
	unnamedKey,
} from "./people-of-day.ts";
import type { SignInEntry } from "./sign-in-entry.ts";

/** A day is added up this long after its end, because nodes may write its last entries late. */
const LATE_MS = 60 * 60_000;
/** A list that a page of the administration waits for. */
const PAGE = 500;
/** A list of background work, which leaves the storage to visitors in between. */
const STEP = 200;
/** Each person has two keys in the commit that adds them up, and each of their brands another two. */
const ADDED_AT_ONCE = 100;

type Sets = NonNullable<StorageCommit["sets"]>;

/**
 * Counts, by brand and protocol, the people whom a provider named on each day of UTC, for the estimate of what log-ins
 * cost. Each person counts once a day. Until the day is over, they are keyed hashes; then they are added up and deleted.
 */
export class PeopleByDay {
	/** Each process counts failures under keys of its own, so that no log-in waits for another one. */
	private readonly process = randomUUID();
	/** The failures of today and yesterday, by the text of their key. */
	private readonly unnamed = new Map<string, { readonly day: number; readonly count: number }>();
	/** All earlier days are added up, as far as this process knows. */
	private firstDay = 0;
	/** The day before which this process last added up in the background. */
	private foldedBefore = 0;

	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
		/** Called when counts could not be read. */
		private readonly report: (what: string, error: unknown) => void,
	) {}

	/** Counts an attempt in which nobody was named. Called once for each entry, before it is written. */
	note(entry: SignInEntry): void {
		const name = this.unnamedName(entry);
		if (name === undefined) {
			return;
		}
		for (const [each, { day }] of this.unnamed) {
			if (day < dayAfter(this.clock.now(), -1)) {
				this.unnamed.delete(each);
			}
		}
		const count = (this.unnamed.get(name)?.count ?? 0) + 1;
		this.unnamed.set(name, { day: startOfDay(entry.at), count });
	}

	/**
	 * Part of the commit that writes entries. It has no checks, so that nobody waits, and writing it twice counts nobody
	 * twice.
	 *
	 * @param written each with the hash of its person, or a unique text for a person who was deleted; null where nobody was
	 * named.
	 */
	setsOf(written: readonly { readonly entry: SignInEntry; readonly who: string | null }[]): Sets {
		const sets = new Map<string, Sets[number]>();
		for (const { entry, who } of written) {
			const { at, protocol } = entry;
			const expiresAt = keptUntil(at);
			if (startOfDay(at) < this.firstDay) {
				// The storage was away for a long time.
				this.firstDay = startOfDay(at);
				this.foldedBefore = 0;
			}
			if (protocol !== null && who !== null) {
				const key = personKey(entry, protocol, who);
				sets.set(JSON.stringify(key), { key, value: null, expiresAt });
			}
			const name = this.unnamedName(entry);
			const value = this.unnamed.get(name ?? "")?.count;
			if (name !== undefined && value !== undefined) {
				sets.set(name, { key: JSON.parse(name), value, expiresAt });
			}
		}
		return [...sets.values()];
	}

	/** Adds up the days that are over, if one has ended since this process last did so. */
	async foldWhenDue(): Promise<void> {
		const due = this.firstOpenDay();
		if (due > this.foldedBefore) {
			this.foldedBefore = due;
			await this.fold();
		}
	}

	/**
	 * The counts of the calendar month of UTC that contains a time. This month and the one before are kept. Adds up the
	 * days that are over first, so that only the people of today are listed.
	 */
	async ofMonth(time: number): Promise<readonly DayCount[]> {
		await this.fold();
		const month = monthOf(time);
		const counts: DayCount[] = [];
		for (const { key, value } of await this.read(["people", month], STORED_PEOPLE)) {
			for (const [protocol, people] of Object.entries(value.people)) {
				const { day, brandId } = partsOf(key);
				counts.push({ day, brandId, protocol, people, unnamed: 0 });
			}
		}
		for (let day = this.oldestDay(); day <= dayAfter(this.clock.now()); day = dayAfter(day)) {
			if (monthOf(day) === month) {
				counts.push(...(await this.countDay(day)));
			}
		}
		for (const { key, value } of await this.read(["unnamed", month], STORED_UNNAMED)) {
			const { day, brandId, protocol } = partsOf(key);
			counts.push({ day, brandId, protocol, people: 0, unnamed: value });
		}
		return counts;
	}

	/** Forgets people. They still count, but nothing leads to them. */
	async erase(hashes: ReadonlySet<string>): Promise<void> {
		for await (const page of pagesOf(this.storage, ["person"], STEP)) {
			for (const { key } of page.filter((each) => hashes.has(partsOf(each.key).last))) {
				await this.eraseOne(key);
			}
			await nextTurn();
		}
	}

	/** Goes on until the key is gone, because a log-in that was under way may write it again. */
	private eraseOne(key: StorageKey): Promise<void> {
		const expiresAt = keptUntil(partsOf(key).day);
		const nobody = [...key.slice(0, -1), randomUUID()];
		return updateEntry(this.storage, async () => {
			const entry = await this.storage.get(key);
			const commit = entry && {
				checks: [{ key, version: entry.version }],
				sets: [{ key: nobody, value: null, expiresAt }],
				deletes: [key],
			};
			return { commit, result: undefined };
		});
	}

	/** Several nodes may do it at the same time. If one ends in the middle, the next one does the rest. */
	private async fold(): Promise<void> {
		let isGapless = true;
		for (let day = this.oldestDay(); day < this.firstOpenDay(); day = dayAfter(day)) {
			isGapless = (await this.foldDay(day)) && isGapless;
			if (isGapless) {
				this.firstDay = dayAfter(day);
			}
		}
	}

	private oldestDay(): number {
		return Math.max(this.firstDay, startOfMonth(this.clock.now(), -1));
	}

	private firstOpenDay(): number {
		return startOfDay(this.clock.now() - LATE_MS);
	}

	/** @returns false where stored counts cannot be read. They stay, and so do the people who are not in them. */
	private async foldDay(day: number): Promise<boolean> {
		try {
			while (await this.foldPage(day)) {
				await nextTurn();
			}
			return true;
		} catch (error) {
			if (!(error instanceof UnreadableValueError)) {
				throw error;
			}
			this.report("the people who logged in on a day are not added up", error);
			return false;
		}
	}

	/** Moves some people of a day into its counts. @returns false when there are none. */
	private foldPage(day: number): Promise<boolean> {
		return updateEntry(this.storage, async () => {
			const limit = ADDED_AT_ONCE;
			const { entries } = await this.storage.list(["person", ...dayKey(day)], { limit });
			if (entries.length === 0) {
				return { result: false };
			}
			const counts = countPeople(entries);
			const brandIds = [...new Set(counts.map(({ brandId }) => brandId))];
			const sums = await Promise.all(brandIds.map((brandId) => this.sumOf(day, brandId, counts)));
			return {
				commit: {
					// Where two nodes have listed the same people, one of them counts them.
					checks: [...entries, ...sums].map(({ key, version }) => ({ key, version })),
					sets: sums.map(({ key, value }) => ({ key, value, expiresAt: keptUntil(day) })),
					deletes: entries.map(({ key }) => key),
				},
				result: true,
			};
		});
	}

	/** The stored counts of a brand's day, with others added. @throws UnreadableValueError */
	private async sumOf(day: number, brandId: string, added: readonly DayCount[]) {
		const key = peopleKey(day, brandId);
		const stored = await this.storage.get(key);
		const known = stored === undefined ? { people: {} } : readEntry(stored, STORED_PEOPLE);
		const people = new Map(Object.entries(known.people));
		for (const each of added.filter((count) => count.brandId === brandId)) {
			people.set(each.protocol, (people.get(each.protocol) ?? 0) + each.people);
		}
		const value = { ...known, people: Object.fromEntries(people) };
		return { key, value, version: stored?.version ?? null };
	}

	private async countDay(day: number): Promise<readonly DayCount[]> {
		const counts: DayCount[] = [];
		for await (const page of pagesOf(this.storage, ["person", ...dayKey(day)], PAGE)) {
			counts.push(...countPeople(page));
			await nextTurn();
		}
		return counts;
	}

	private async read<Value>(
		prefix: readonly string[],
		kind: StoredKind<Value>,
	): Promise<ReadEntry<Value>[]> {
		const entries: StorageEntry[] = [];
		for await (const page of pagesOf(this.storage, prefix, PAGE)) {
			entries.push(...page);
		}
		return readableEntries(entries, kind, this.report);
	}

	private unnamedName(entry: SignInEntry): string | undefined {
		return entry.protocol !== null && isUnnamed(entry)
			? JSON.stringify(unnamedKey(entry, entry.protocol, this.process))
			: undefined;
	}
}

/** One count for each day, brand and protocol. */
function countPeople(entries: readonly Pick<StorageEntry, "key">[]): DayCount[] {
	const counts = new Map<string, DayCount>();
	for (const { key } of entries) {
		const { day, brandId, protocol } = partsOf(key);
		const name = JSON.stringify(key.slice(0, -1));
		const people = (counts.get(name)?.people ?? 0) + 1;
		counts.set(name, { day, brandId, protocol, people, unnamed: 0 });
	}
	return [...counts.values()];
}
