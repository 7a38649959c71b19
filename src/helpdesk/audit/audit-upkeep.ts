import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "../../contract/clock.ts";
import type {
	HostStorage,
	StorageEntry,
	StorageKey,
	StorageValue,
} from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { fieldsOf, type StoredKind } from "../../storage/stored-value.ts";
import { STORED_ENTRY, shelfOf } from "./audit-entry.ts";
import {
	DAYS,
	dayKey,
	dayOf,
	entriesOf,
	entryKey,
	keysOf,
	OPEN,
	openKey,
	timeIn,
} from "./audit-keys.ts";
import { endEntry, type JobsOfDeeds } from "./audit-trail.ts";
import { SHELVES, type Shelf } from "./deeds.ts";
import type { KeptDays } from "./kept-days.ts";

/** A list of background work, which leaves the storage to visitors in between. */
const STEP = 200;
/** The most entries that one commit deletes, each with what leads to it. */
const DELETED_AT_ONCE = 75;
/** The most entries that one round deletes. The next one goes on. */
const MOST_DELETED = 10_000;
/** A deed that no job does and that has not ended by then was cut off. Milliseconds. */
export const LONG_OVER_MS = 60 * 60_000;

/** How many entries of each shelf are kept; the oldest go first. */
export type AuditBounds = Readonly<Record<Shelf, number>>;

const AUDIT_BOUNDS: AuditBounds = { operators: 50_000, users: 50_000, failures: 10_000 };

export interface AuditUpkeepParts {
	/** The namespace of the trail. */
	readonly storage: HostStorage;
	readonly clock: Clock;
	readonly keptDays: KeptDays;
	readonly jobs: Pick<JobsOfDeeds, "endOf">;
	readonly bounds?: AuditBounds;
}

/** A day that has entries. */
interface Day {
	readonly day: number;
	readonly version: string;
	/** How many entries it has; undefined: they are to be counted. */
	readonly counts: AuditBounds | undefined;
}

const STORED_COUNTS: StoredKind<AuditBounds> = {
	name: "audit/day",
	read: (value) => {
		const { operators, users, failures } = fieldsOf(value);
		return typeof operators === "number" &&
			typeof users === "number" &&
			typeof failures === "number"
			? { operators, users, failures }
			: undefined;
	},
};

/** Deletes entries that are too old or too many, and ends entries whose deed was cut off. A duty, so no request waits for it. */
export class AuditUpkeep {
	constructor(private readonly parts: AuditUpkeepParts) {}

	/** @returns how many entries it deleted. */
	async run(): Promise<number> {
		await this.endOpen();
		return this.trim();
	}

	/** Ends the entries of jobs that have ended, and of deeds that a crash has cut off. */
	private async endOpen(): Promise<void> {
		const { storage, clock, jobs } = this.parts;
		for await (const page of pagesOf(storage, OPEN, STEP)) {
			for (const { key } of page) {
				const id = String(key.at(-1));
				const stored = await storage.get(entryKey(id));
				const entry = stored && STORED_ENTRY.read(stored.value);
				if (entry === undefined) {
					await storage.commit({ deletes: [openKey(id)] });
					continue;
				}
				const { jobId } = entry;
				const end = jobId === null ? undefined : await jobs.endOf(jobId);
				const isCutOff = jobId === null ? clock.now() - timeIn(id) >= LONG_OVER_MS : end === "gone";
				if (isCutOff) {
					await endEntry(storage, id, { outcome: "interrupted", at: null });
				} else if (end !== undefined && end !== "gone") {
					await endEntry(storage, id, end);
				}
			}
			await nextTurn();
		}
	}

	private async trim(): Promise<number> {
		const { clock, keptDays, bounds = AUDIT_BOUNDS } = this.parts;
		const oldest = dayOf(clock.now()) - (await keptDays.get());
		const days = await this.days();
		let deleted = 0;
		for (const day of days.filter((each) => each.day < oldest)) {
			deleted += await this.empty(day, MOST_DELETED - deleted);
		}
		const kept: (Day & { readonly counts: AuditBounds })[] = [];
		for (const day of days.filter((each) => each.day >= oldest)) {
			kept.push({ ...day, counts: day.counts ?? (await this.count(day)) });
		}
		for (const shelf of SHELVES) {
			let surplus = kept.reduce((sum, { counts }) => sum + counts[shelf], 0) - bounds[shelf];
			for (const day of kept) {
				const most = Math.min(surplus, day.counts[shelf], MOST_DELETED - deleted);
				const thinned = most > 0 ? await this.thin(day.day, shelf, most) : 0;
				surplus -= thinned;
				deleted += thinned;
			}
		}
		return deleted;
	}

	/** The days that have entries, the oldest first. */
	private async days(): Promise<readonly Day[]> {
		const days: Day[] = [];
		for await (const page of pagesOf(this.parts.storage, DAYS, STEP)) {
			days.push(
				...page.map(({ key, value, version }) => {
					return { day: Number(key.at(-1)), version, counts: STORED_COUNTS.read(value) };
				}),
			);
		}
		return days;
	}

	/** Deletes a day that is too old. */
	private async empty({ day, version }: Day, most: number): Promise<number> {
		const { storage } = this.parts;
		let deleted = 0;
		for (;;) {
			const limit = Math.min(DELETED_AT_ONCE, most - deleted);
			const { entries } =
				limit > 0 ? await storage.list(entriesOf(day), { limit }) : { entries: [] };
			if (limit > 0 && entries.length === 0) {
				const key = dayKey(day);
				await storage.commit({ checks: [{ key, version }], deletes: [key] });
			}
			if (entries.length === 0) {
				return deleted;
			}
			await storage.commit({ deletes: entries.flatMap((each) => keysIn(day, each)) });
			deleted += entries.length;
			await nextTurn();
		}
	}

	/** Counts a day. One that is over is not counted again. */
	private async count({ day, version }: Day): Promise<AuditBounds> {
		const { storage, clock } = this.parts;
		const counts = { operators: 0, users: 0, failures: 0 };
		for await (const page of pagesOf(storage, entriesOf(day), STEP)) {
			for (const { value } of page) {
				const entry = STORED_ENTRY.read(value);
				counts[entry === undefined ? "operators" : shelfOf(entry)] += 1;
			}
			await nextTurn();
		}
		// Nodes whose clocks are behind may still write to yesterday.
		if (day < dayOf(clock.now()) - 1) {
			const key = dayKey(day);
			await storage.commit({ checks: [{ key, version }], sets: [{ key, value: counts }] });
		}
		return counts;
	}

	/** Deletes the oldest entries of a shelf. @returns how many were deleted. */
	private async thin(day: number, shelf: Shelf, most: number): Promise<number> {
		const { storage } = this.parts;
		const ofShelf: (readonly StorageKey[])[] = [];
		for await (const page of pagesOf(storage, entriesOf(day), STEP)) {
			for (const { value } of page) {
				const entry = STORED_ENTRY.read(value);
				ofShelf.push(...(entry !== undefined && shelfOf(entry) === shelf ? [keysOf(entry)] : []));
			}
			await nextTurn();
		}
		const oldest = ofShelf.slice(-most);
		for (let start = 0; start < oldest.length; start += DELETED_AT_ONCE) {
			// The day is counted again.
			const counted = { key: dayKey(day), value: null as StorageValue };
			const deletes = oldest.slice(start, start + DELETED_AT_ONCE).flat();
			await storage.commit({ deletes, sets: [counted] });
			await nextTurn();
		}
		return oldest.length;
	}
}

/** What leads to an entry that cannot be read is not known. A page finds nothing there, and leaves it out. */
function keysIn(day: number, { key, value }: StorageEntry): readonly StorageKey[] {
	const entry = STORED_ENTRY.read(value);
	return entry === undefined ? [[...entriesOf(day), String(key.at(-1))]] : keysOf(entry);
}
