import type {
	HostStorage,
	StorageCommit,
	StorageEntry,
	StorageKey,
	StorageValue,
} from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { merged } from "../../storage/merged-commit.ts";
import {
	fieldsOf,
	isTime,
	type ReadEntry,
	readableEntries,
	readFields,
	type StoredKind,
} from "../../storage/stored-value.ts";
import { inParallel } from "../in-parallel.ts";
import { KEPT_MS } from "./sign-in-entry.ts";

/** How many requests of one hour belong to no log-in and are not in the ledger. */
export type StrayCount = {
	readonly brandId: string;
	/** The beginning of the hour. Milliseconds since the epoch. */
	readonly from: number;
	readonly count: number;
};

/** The counts of some hours. */
export interface StraysSince {
	readonly counts: readonly StrayCount[];
	/** False: there are more than a page waits for. */
	readonly isWhole: boolean;
}

export const HOUR_MS = 60 * 60_000;
/** An hour is added up this long after its end, because nodes may write its last counts late. */
const LATE_MS = HOUR_MS;
const PAGE = 500;
/** How many lists of counts that are not added up yet a page waits for, and how many commits that add some up. */
const OPEN_LISTS = 4;
const ADDED_FOR_PAGE = 5;
/** Each of them is checked and deleted. */
const ADDED_AT_ONCE = 180;
const HOURS_AT_ONCE = 10;
const DIGITS = String(Number.MAX_SAFE_INTEGER).length;

/** The counts of one hour, by brand, of all nodes. */
type HourCounts = { readonly from: number; readonly counts: Readonly<Record<string, number>> };

const STORED_STRAYS: StoredKind<StrayCount> = { name: "sign-ins/strays", read: readStrays };
const STORED_HOUR: StoredKind<HourCounts> = {
	name: "sign-ins/stray-hours",
	read: (value) => {
		const { from, counts } = fieldsOf(value);
		const known = readFields(counts, (count) => (typeof count === "number" ? count : undefined));
		return isTime(from) && known !== undefined ? { from, counts: known } : undefined;
	},
};

/**
 * Stores counts of requests that belong to no log-in. Each process writes entries of its own. Once an hour is over they are
 * added up to one entry, so that there is one for each hour however many brands and processes there are.
 */
export class StrayHours {
	constructor(
		private readonly storage: HostStorage,
		/** Called for counts that cannot be read and are left out. */
		private readonly report: (what: string, error: unknown) => void,
	) {}

	/** @param now milliseconds since the epoch. @param from of the oldest hour. */
	async since(from: number, now: number): Promise<StraysSince> {
		let open = await this.listOpen();
		if (open.some(({ value }) => isOver(STORED_STRAYS.read(value)?.from ?? now, now))) {
			await this.addUp(now, ADDED_FOR_PAGE);
			open = await this.listOpen();
		}
		const closed: StorageEntry[] = [];
		for await (const page of pagesOf(this.storage, hourKeys(), PAGE)) {
			closed.push(...page);
			if ((STORED_HOUR.read(page.at(-1)?.value ?? null)?.from ?? from) < from) {
				break;
			}
		}
		const counts = [
			...readableEntries(closed, STORED_HOUR, this.report).flatMap(({ value }) => countsIn(value)),
			...readableEntries(open, STORED_STRAYS, this.report).map(({ value }) => value),
		];
		return {
			counts: counts.filter((each) => each.from >= from),
			isWhole: open.length < OPEN_LISTS * PAGE,
		};
	}

	/** As many counts that are not added up as a page waits for. */
	private async listOpen(): Promise<readonly StorageEntry[]> {
		const open: StorageEntry[] = [];
		for await (const page of pagesOf(this.storage, openKeys(), PAGE)) {
			open.push(...page);
			if (open.length >= OPEN_LISTS * PAGE) {
				break;
			}
		}
		return open;
	}

	/**
	 * Adds up counts of hours that are over. Several nodes may do it at the same time: each count is added once.
	 *
	 * @param most how many commits it may take. The next call goes on.
	 */
	async addUp(now: number, most: number): Promise<void> {
		for (let commits = 0; commits < most; commits += 1) {
			const page = await this.storage.list(openKeys(), { limit: ADDED_AT_ONCE });
			const over = page.entries.flatMap((entry) => {
				const value = STORED_STRAYS.read(entry.value);
				return value !== undefined && isOver(value.from, now) ? [{ ...entry, value }] : [];
			});
			const hours = [...new Set(over.map(({ value }) => value.from))].slice(0, HOURS_AT_ONCE);
			const parts = await inParallel(hours, HOURS_AT_ONCE, (from) =>
				this.hourWith(
					from,
					over.filter(({ value }) => value.from === from),
				),
			);
			const commit = merged(...parts);
			if (commit.deletes.length === 0) {
				return;
			}
			await this.storage.commit(commit);
		}
	}

	/** The commit that adds counts to those of an hour. They stay by themselves where those cannot be read. */
	private async hourWith(
		from: number,
		added: readonly ReadEntry<StrayCount>[],
	): Promise<StorageCommit> {
		const key = hourKey(from);
		const entry = await this.storage.get(key);
		const known = entry === undefined ? { from, counts: {} } : STORED_HOUR.read(entry.value);
		if (known === undefined) {
			return {};
		}
		const counts = new Map(Object.entries(known.counts));
		for (const { brandId, count } of added.map(({ value }) => value)) {
			counts.set(brandId, (counts.get(brandId) ?? 0) + count);
		}
		return {
			checks: [
				{ key, version: entry?.version ?? null },
				...added.map((each) => ({ key: each.key, version: each.version })),
			],
			sets: [
				{ key, value: { from, counts: Object.fromEntries(counts) }, expiresAt: from + KEPT_MS },
			],
			deletes: added.map((each) => each.key),
		};
	}
}

/** Whether an hour is added up from now on, so that its counts do not change any more. */
export function isOver(from: number, now: number): boolean {
	return from + HOUR_MS + LATE_MS <= now;
}

/** What one process has counted in an hour. @param part names it among those of all processes. */
export function countSet(
	{ brandId, from, count }: StrayCount,
	part: string,
): NonNullable<StorageCommit["sets"]>[number] {
	return {
		key: [...openKeys(), String(from), brandId, part],
		value: { brandId, from, count },
		expiresAt: from + KEPT_MS,
	};
}

function openKeys(): StorageKey {
	return ["strays"];
}

/** The newest hour first. */
function hourKeys(): StorageKey {
	return ["stray-hours"];
}

function hourKey(from: number): StorageKey {
	return [...hourKeys(), String(Number.MAX_SAFE_INTEGER - from).padStart(DIGITS, "0")];
}

function countsIn({ from, counts }: HourCounts): readonly StrayCount[] {
	return Object.entries(counts).map(([brandId, count]) => ({ brandId, from, count }));
}

/** Keeps fields that a later version added. */
function readStrays(value: StorageValue): StrayCount | undefined {
	const fields = fieldsOf(value);
	const { brandId, from, count } = fields;
	return typeof brandId === "string" && isTime(from) && typeof count === "number"
		? { ...fields, brandId, from, count }
		: undefined;
}
