import { randomUUID } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "../../contract/clock.ts";
import type { HostStorage, StorageEntry, StorageKey } from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { pagesBackwards } from "./newest-first.ts";
import { KEPT_MS, type SignInEntry, STORED_SIGN_IN } from "./sign-in-entry.ts";
import { keysTo } from "./sign-in-keys.ts";

const DAY_MS = 24 * 60 * 60_000;

/** A list that a page of the administration waits for. */
const PAGE = 500;
/** A list or a commit of background work, which leaves the storage to visitors in between. */
const STEP = 200;
/** Up to two keys lead to each of them. */
const DELETED_AT_ONCE = 130;
/** A longer time is read as a whole shelf, which takes fewer lists than one for each day. */
const MOST_DAYS = 14;
/** The most lists that the entries of one user cost. */
const MOST_LISTS = 45;

/** How many entries are kept; the oldest go first. */
export interface LedgerLimits {
	/** The limit for attempts that began here. */
	readonly attempts: number;
	/**
	 * The limit for callbacks and forms that belong to no attempt. It is separate, so that thousands of forged ones do
	 * not drive attempts out.
	 */
	readonly strays: number;
	/**
	 * How many entries above the limit each node may write before it trims, because trimming reads all of them. A node that
	 * found room looks again when it may have filled a quarter of it, because other nodes fill it as well.
	 */
	readonly trimmedAfter: number;
}

const LIMITS: LedgerLimits = { attempts: 20_000, strays: 2_000, trimmedAfter: 2_000 };

type Shelf = "attempts" | "strays";
const SHELVES = ["attempts", "strays"] as const satisfies readonly Shelf[];

/** Stores the ledger's entries by kind and day, and limits how many of them stay. */
export class SignInShelves {
	/** How many entries above the limit there may be, as far as this node knows. Below 0 there is room. */
	private readonly surplus = new Map<Shelf, number>(SHELVES.map((shelf) => [shelf, Infinity]));

	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
		private readonly limits: LedgerLimits = LIMITS,
	) {}

	/** A key that no other entry has, on any node. */
	newKey(entry: SignInEntry): StorageKey {
		const time = String(entry.at).padStart(16, "0");
		return ["entry", shelfOf(entry), dayOf(entry.at), `${time}-${randomUUID()}`];
	}

	/** All entries, in the small pages of background work. */
	inSteps(): AsyncGenerator<readonly StorageEntry[]> {
		return this.pagesOf(["entry"], STEP);
	}

	/** All entries of the days since a time, a page at a time. May have some that are older. */
	async *ofDaysSince(from: number): AsyncGenerator<readonly StorageEntry[]> {
		for (const place of this.placesSince(from)) {
			yield* this.pagesOf(place, PAGE);
		}
	}

	/** Where the entries of the days since a time are. They may have some that are older. */
	placesSince(from: number): readonly StorageKey[] {
		return SHELVES.flatMap((shelf) => this.placesOf(shelf, from));
	}

	/** Like {@link ofDaysSince}: the pages of each shelf, newest first, and so are the entries of each page. */
	newestFirst(from: number): readonly AsyncGenerator<readonly StorageEntry[]>[] {
		return SHELVES.map((shelf) => this.newestFirstOf(shelf, from));
	}

	/**
	 * The attempts of some days, the newest day first, as long as the caller asks for more. Begins with all attempts where
	 * they are few. Ends after 45 lists.
	 *
	 * @param until the time of the newest one.
	 */
	async *attemptsByDay(until: number): AsyncGenerator<readonly StorageEntry[]> {
		const all = await this.storage.list(["entry", "attempts"], { limit: PAGE });
		if (all.cursor === undefined) {
			yield all.entries;
			return;
		}
		let lists = 1;
		for (const day of this.daysSince(0)) {
			const entries: StorageEntry[] = [];
			if (day <= dayOf(until)) {
				for await (const page of this.pagesOf(["entry", "attempts", day], PAGE)) {
					entries.push(...page);
					lists += 1;
					if (lists === MOST_LISTS) {
						break;
					}
				}
				yield entries;
			}
			if (lists === MOST_LISTS) {
				return;
			}
		}
	}

	/** Deletes the oldest entries above the limits, when enough was written since the last time. */
	async trimAfter(written: readonly SignInEntry[]): Promise<void> {
		for (const shelf of SHELVES) {
			const added = written.filter((entry) => shelfOf(entry) === shelf).length;
			const surplus = (this.surplus.get(shelf) ?? 0) + added;
			const due = added > 0 && surplus >= this.limits.trimmedAfter;
			// A shelf that cannot be trimmed now is not tried again with each entry.
			this.surplus.set(shelf, due ? 0 : surplus);
			if (due) {
				this.surplus.set(shelf, -Math.floor((await this.trim(shelf)) / 4));
			}
		}
	}

	/**
	 * Trims day by day from the newest. Entries that other nodes write meanwhile are newer, and those they trim are gone.
	 *
	 * @returns how many more entries fit.
	 */
	private async trim(shelf: Shelf): Promise<number> {
		let room = this.limits[shelf];
		for (const day of this.daysSince(this.clock.now() - KEPT_MS)) {
			const place = ["entry", shelf, day];
			const found: string[] = [];
			for await (const page of this.pagesOf(place, STEP)) {
				found.push(...page.map(({ key }) => String(key.at(-1))));
			}
			const newestOfTooMany = found.sort()[found.length - room - 1];
			if (newestOfTooMany !== undefined) {
				await this.deleteUpTo(place, newestOfTooMany);
			}
			room = Math.max(0, room - found.length);
		}
		return room;
	}

	/**
	 * Deletes the oldest entries of a day, with what leads to them.
	 *
	 * @param last the last part of the key of the newest one. It starts with the time. Other nodes may delete the same.
	 */
	private async deleteUpTo(place: StorageKey, last: string): Promise<void> {
		for await (const page of this.pagesOf(place, DELETED_AT_ONCE)) {
			const old = page.filter(({ key }) => String(key.at(-1)) <= last);
			if (old.length === 0) {
				return;
			}
			await this.storage.commit({
				deletes: old.flatMap(({ key, value }) => {
					const entry = STORED_SIGN_IN.read(value);
					return [key, ...(entry === undefined ? [] : keysTo(entry, key))];
				}),
			});
		}
	}

	/** The days since a time, newest first. Begins a day ahead, for nodes whose clocks are ahead. */
	private *daysSince(from: number): Generator<string> {
		const oldest = Math.max(from, this.clock.now() - KEPT_MS);
		for (let time = this.clock.now() + DAY_MS; dayOf(time) >= dayOf(oldest); time -= DAY_MS) {
			yield dayOf(time);
		}
	}

	/** Where the entries since a time are, the newest first. */
	private placesOf(shelf: Shelf, from: number): readonly StorageKey[] {
		const days = [...this.daysSince(from)];
		return days.length > MOST_DAYS ? [["entry", shelf]] : days.map((day) => ["entry", shelf, day]);
	}

	private async *newestFirstOf(
		shelf: Shelf,
		from: number,
	): AsyncGenerator<readonly StorageEntry[]> {
		for (const place of this.placesOf(shelf, from)) {
			yield* pagesBackwards(this.storage, place, PAGE);
		}
	}

	/** Gives other work its turn between two pages. */
	private async *pagesOf(
		prefix: StorageKey,
		limit: number,
	): AsyncGenerator<readonly StorageEntry[]> {
		for await (const entries of pagesOf(this.storage, prefix, limit)) {
			yield entries;
			await nextTurn();
		}
	}
}

function shelfOf({ wanted }: SignInEntry): Shelf {
	return wanted === null ? "strays" : "attempts";
}

function dayOf(time: number): string {
	return new Date(time).toISOString().slice(0, 10);
}
