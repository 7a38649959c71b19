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
	type MonthCounts,
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
/** A list that a page of the administration waits for, and one of background work. */
const PAGE = 500;
const STEP = 200;
/** Each person has two keys in the commit that adds them up, and each of their brands another two. */
const ADDED_AT_ONCE = 100;
/** How many of these commits, and how many lists of people, a page of the administration waits for. */
const ADDED_FOR_PAGE = 10;
const LISTED_FOR_PAGE = 20;

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
			if (startOfDay(at) < this.foldedBefore) {
				// The storage was away for a long time.
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
	 * The counts of the calendar month of UTC that contains a time. This month and the one before are kept. Adds up some of
	 * the people of days that are over first, and lists up to 10,000 that are not added up.
	 */
	async ofMonth(time: number): Promise<MonthCounts> {
		await this.fold(ADDED_FOR_PAGE);
		const month = monthOf(time);
		const counts: DayCount[] = [];
		for (const { key, value } of await this.read(["people", month], STORED_PEOPLE)) {
			for (const [protocol, people] of Object.entries(value.people)) {
				const { day, brandId } = partsOf(key);
				counts.push({ day, brandId, protocol, people, unnamed: 0 });
			}
		}
		let lists = LISTED_FOR_PAGE;
		let countedUntil: number | undefined;
		const last = dayAfter(this.clock.now());
		for (let day = await this.firstDay(); day <= last && lists > 0; day = dayAfter(day)) {
			const people = new Map<string, DayCount>();
			for await (const page of monthOf(day) === month
				? this.pagesOf(["person", ...dayKey(day)])
				: []) {
				addPeople(people, page);
				lists -= 1;
				if (lists === 0) {
					countedUntil = day;
					break;
				}
			}
			counts.push(...(countedUntil === undefined ? people.values() : []));
		}
		for (const { key, value } of await this.read(["unnamed", month], STORED_UNNAMED)) {
			const { day, brandId, protocol } = partsOf(key);
			counts.push({ day, brandId, protocol, people: 0, unnamed: value });
		}
		return { counts, countedUntil };
	}

	/**
	 * Forgets people. They still count, but nothing leads to them.
	 *
	 * @param mostLists how many lists of 200 people it may take. Left out: as many as it needs.
	 * @returns false where that was not enough.
	 */
	async erase(hashes: ReadonlySet<string>, mostLists = Number.POSITIVE_INFINITY): Promise<boolean> {
		let lists = 0;
		for await (const page of pagesOf(this.storage, ["person"], STEP)) {
			for (const { key } of page.filter((each) => hashes.has(partsOf(each.key).last))) {
				await this.eraseOne(key);
			}
			lists += 1;
			if (lists >= mostLists && page.length === STEP) {
				return false;
			}
			await nextTurn();
		}
		return true;
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
	private async fold(mostCommits = Number.POSITIVE_INFINITY): Promise<void> {
		let left = mostCommits;
		const end = this.firstOpenDay();
		for (let day = await this.firstDay(); day < end && left > 0; day = dayAfter(day)) {
			left -= await this.foldDay(day, left);
		}
	}

	/** The first day with people who are not added up. The storage keeps keys in order. */
	private async firstDay(): Promise<number> {
		const [first] = (await this.storage.list(["person"], { limit: 1 })).entries;
		const day = first === undefined ? dayAfter(this.clock.now(), 2) : partsOf(first.key).day;
		const oldest = startOfMonth(this.clock.now(), -1);
		return Number.isNaN(day) ? oldest : Math.max(day, oldest);
	}

	private firstOpenDay(): number {
		return startOfDay(this.clock.now() - LATE_MS);
	}

	/**
	 * Where stored counts cannot be read, they stay, and so do the people who are not in them.
	 *
	 * @returns how many commits it took.
	 */
	private async foldDay(day: number, mostCommits: number): Promise<number> {
		let commits = 0;
		try {
			while (commits < mostCommits && (await this.foldPage(day))) {
				commits += 1;
				await nextTurn();
			}
		} catch (error) {
			if (!(error instanceof UnreadableValueError)) {
				throw error;
			}
			this.report("the people who logged in on a day are not added up", error);
		}
		return commits;
	}

	/** Moves some people of a day into its counts. @returns false when there are none. */
	private foldPage(day: number): Promise<boolean> {
		return updateEntry(this.storage, async () => {
			const limit = ADDED_AT_ONCE;
			const { entries } = await this.storage.list(["person", ...dayKey(day)], { limit });
			if (entries.length === 0) {
				return { result: false };
			}
			const counts = [...addPeople(new Map(), entries).values()];
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

	/** Gives other work its turn between two pages. */
	private async *pagesOf(prefix: StorageKey): AsyncGenerator<readonly StorageEntry[]> {
		for await (const page of pagesOf(this.storage, prefix, PAGE)) {
			yield page;
			await nextTurn();
		}
	}

	private async read<Value>(
		prefix: readonly string[],
		kind: StoredKind<Value>,
	): Promise<ReadEntry<Value>[]> {
		const entries: StorageEntry[] = [];
		for await (const page of this.pagesOf(prefix)) {
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

/** Adds people to counts: one for each day, brand and protocol. @returns the same counts. */
function addPeople(
	counts: Map<string, DayCount>,
	entries: readonly Pick<StorageEntry, "key">[],
): ReadonlyMap<string, DayCount> {
	for (const { key } of entries) {
		const { day, brandId, protocol } = partsOf(key);
		const name = JSON.stringify(key.slice(0, -1));
		const people = (counts.get(name)?.people ?? 0) + 1;
		counts.set(name, { day, brandId, protocol, people, unnamed: 0 });
	}
	return counts;
}
