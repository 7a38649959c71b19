import { setImmediate as nextTurn } from "node:timers/promises";
import type { HostStorage, StorageEntry, StorageKey } from "../../contract/storage.ts";
import { readableEntries, readOrReport } from "../../storage/stored-value.ts";
import { type AuditEntry, STORED_ENTRY } from "./audit-entry.ts";
import {
	DAYS,
	dayOf,
	ENTRIES,
	entriesOf,
	entryKey,
	type Facet,
	type Facts,
	indexOf,
	indexOfDay,
	STORED_FACTS,
	timeIn,
} from "./audit-keys.ts";

/** The most lists of entries that a page reads. A page that needs more is shorter, and the next one goes on. */
const MOST_LISTS = 30;
/** The days that have entries are listed in pages of so many. */
const DAYS_PAGE = 1000;
/** The entries of a file that are in memory at once. */
const AT_ONCE = 200;

/** Which entries are meant. What is left out leaves nothing out. */
export interface AuditFilter {
	/** The id of the one who did it, such as the address of an operator. */
	readonly actor?: string | undefined;
	readonly deed?: string | undefined;
	/** The id of what it was done to. */
	readonly object?: string | undefined;
	/** The first and the last day in UTC, counted from the epoch. */
	readonly from?: number | undefined;
	readonly to?: number | undefined;
}

export interface AuditPage {
	/** Newest first. */
	readonly entries: readonly AuditEntry[];
	/** The cursor of the next page; undefined on the last one. */
	readonly next: string | undefined;
}

/** Where a page goes on: at a day, or in all days where it is null. */
interface Cursor {
	readonly day: number | null;
	readonly cursor: string | undefined;
}

/** The entry of an index with the fewest entries comes first. */
const FACETS = ["object", "actor", "deed"] as const satisfies readonly Facet[];

/** Reads the audit trail. What a page costs does not grow with the trail. */
export class AuditLog {
	/**
	 * @param storage the namespace of the trail.
	 * @param report called for entries that cannot be read and are left out.
	 */
	constructor(
		private readonly storage: HostStorage,
		private readonly report: (what: string, error: unknown) => void,
	) {}

	/**
	 * A page of the entries, newest first.
	 *
	 * @param most how many entries it has at most. It may have fewer, and none, although more follow.
	 * @throws TypeError for a text that is no cursor.
	 */
	async page(filter: AuditFilter, after?: string, most = 25): Promise<AuditPage> {
		const start = after === undefined ? undefined : readCursor(after);
		const days = await this.daysFrom(filter, start);
		const found: AuditEntry[] = [];
		let cursor = start?.cursor;
		let lists = 0;
		for (const [index, day] of days.entries()) {
			do {
				if (lists === MOST_LISTS) {
					return { entries: found, next: writeCursor({ day, cursor }) };
				}
				lists += 1;
				const limit = most - found.length;
				const at = { limit, ...(cursor !== undefined && { cursor }) };
				const page = await this.storage.list(placeOf(filter, day), at);
				const ids = page.entries.map(({ key }) => String(key.at(-1)));
				found.push(...(await this.read(page.entries, filter)));
				cursor = page.cursor;
				if (ids.some((id) => isBefore(filter, id))) {
					return { entries: found, next: undefined };
				}
				const [next] = cursor === undefined ? days.slice(index + 1) : [day];
				if (found.length === most) {
					return {
						entries: found,
						next: next === undefined ? undefined : writeCursor({ day: next, cursor }),
					};
				}
			} while (cursor !== undefined);
		}
		return { entries: found, next: undefined };
	}

	/** All entries that are meant, newest first, some at a time. */
	async *inParts(filter: AuditFilter): AsyncGenerator<readonly AuditEntry[]> {
		let after: string | undefined;
		do {
			const { entries, next } = await this.page(filter, after, AT_ONCE);
			yield entries;
			after = next;
			await nextTurn();
		} while (after !== undefined);
	}

	/** The days to list, newest first. A filter without a last day is one list, from the newest entry on. */
	private async daysFrom(
		{ to, from }: AuditFilter,
		start: Cursor | undefined,
	): Promise<readonly (number | null)[]> {
		if (to === undefined) {
			return [null];
		}
		const last = Math.min(to, start?.day ?? to);
		const days: number[] = [];
		let cursor: string | undefined;
		do {
			const at = { limit: DAYS_PAGE, ...(cursor !== undefined && { cursor }) };
			const page = await this.storage.list(DAYS, at);
			days.push(...page.entries.map(({ key }) => Number(key.at(-1))));
			cursor = page.cursor;
		} while (cursor !== undefined);
		return days.filter((day) => day <= last && day >= (from ?? 0)).sort((a, b) => b - a);
	}

	private async read(
		listed: readonly StorageEntry[],
		filter: AuditFilter,
	): Promise<readonly AuditEntry[]> {
		if (facetOf(filter) === undefined) {
			return readableEntries(listed, STORED_ENTRY, this.report).flatMap(({ key, value }) => {
				const id = String(key.at(-1));
				return isBefore(filter, id) ? [] : [{ ...value, id }];
			});
		}
		const ids = readableEntries(listed, STORED_FACTS, this.report)
			.filter(({ value }) => hasFacts(value, filter))
			.map(({ key }) => String(key.at(-1)))
			.filter((id) => !isBefore(filter, id));
		const read = await Promise.all(ids.map((id) => this.find(id)));
		return read.flatMap((entry) => entry ?? []);
	}

	/** @returns undefined also for an entry that is gone, or that cannot be read. */
	private async find(id: string): Promise<AuditEntry | undefined> {
		const entry = await this.storage.get(entryKey(id));
		const value =
			entry &&
			readOrReport(entry, STORED_ENTRY, (error) =>
				this.report("a page leaves out an entry of the audit trail", error),
			);
		return value && { ...value, id };
	}
}

function facetOf(filter: AuditFilter): Facet | undefined {
	return FACETS.find((facet) => filter[facet] !== undefined);
}

function placeOf(filter: AuditFilter, day: number | null): StorageKey {
	const facet = facetOf(filter);
	const fact = (facet && filter[facet]) ?? "";
	if (facet === undefined) {
		return day === null ? ENTRIES : entriesOf(day);
	}
	return day === null ? indexOf(facet, fact) : indexOfDay(facet, fact, day);
}

function hasFacts(facts: Facts, filter: AuditFilter): boolean {
	return FACETS.every((facet) => filter[facet] === undefined || filter[facet] === facts[facet]);
}

function isBefore({ from }: AuditFilter, id: string): boolean {
	return from !== undefined && dayOf(timeIn(id)) < from;
}

function writeCursor({ day, cursor }: Cursor): string {
	return Buffer.from(JSON.stringify([day, cursor ?? null])).toString("base64url");
}

/** @throws TypeError for a text that is no cursor. The storage checks its part. */
function readCursor(text: string): Cursor {
	const [day, cursor] = partsOf(text);
	if (
		(day !== null && typeof day !== "number") ||
		(cursor !== null && typeof cursor !== "string")
	) {
		throw new TypeError("the cursor is none of the audit trail");
	}
	return { day, cursor: cursor ?? undefined };
}

function partsOf(text: string): readonly unknown[] {
	try {
		const parts: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
		return Array.isArray(parts) ? parts : [undefined];
	} catch {
		return [undefined];
	}
}
