import type { StorageValue } from "../../contract/storage.ts";
import { fieldsOf, isTime, readFields, type StoredKind } from "../../storage/stored-value.ts";
import {
	type AttemptNote,
	type JudgedEnd,
	MINUTE_MS,
	readJudgedEnds,
} from "../sign-ins/attempt-note.ts";
import { kindOfEnd } from "../sign-ins/end-kinds.ts";

const HOUR_MS = 60 * MINUTE_MS;
/** How long minutes and hours are told apart. */
const MINUTES_KEPT_MS = 2 * HOUR_MS;
const HOURS_KEPT_MS = 8 * 24 * HOUR_MS;
/** How many of the newest ends are kept with their times. */
const MOST_RECENT = 30;
/** How many different ends an hour names. */
const MOST_ENDS = 30;
const OTHER_END = "refused other";

/** How attempts of one minute ended. */
export type MinuteCounts = {
	/** The beginning. Milliseconds since the epoch. */
	readonly from: number;
	readonly good: number;
	readonly certain: number;
	readonly likely: number;
	readonly weak: number;
	/** How many networks went to the provider, for the first time in a day. */
	readonly starters: number;
};

/** How attempts of one hour ended. */
type HourCounts = {
	/** The beginning. Milliseconds since the epoch. */
	readonly from: number;
	/** How many ended in each way, see `endName`. */
	readonly ends: Readonly<Record<string, number>>;
	/** How many visitors the provider sent back. */
	readonly returned: number;
	/** How many networks went to the provider, for the first time in a day. */
	readonly starters: number;
};

/** Log-ins that began since the provider last sent a visitor back. */
type Unfinished = { readonly starters: number; readonly since: number };

/** Why log-ins fail: the name of an end, or that visitors do not come back from the provider. */
export const UNFINISHED = "unfinished";

/** Whether people can log in at a brand. */
export type Verdict =
	| {
			readonly kind: "well";
			/** When it became well; 0 for a brand that never failed. Milliseconds since the epoch. */
			readonly since: number;
	  }
	| {
			readonly kind: "failing";
			/** When the failures began. Milliseconds since the epoch. */
			readonly since: number;
			/** The name of the most frequent end, or {@link UNFINISHED}. */
			readonly why: string;
	  };

/** What the helpdesk knows about the log-ins of a brand with an add-on. Every list is bounded. */
export type BrandHealth = {
	readonly brandId: string;
	/** The oldest first. */
	readonly minutes: readonly MinuteCounts[];
	/** The oldest first. */
	readonly hours: readonly HourCounts[];
	/** The newest ends that say something about the brand, the oldest first. */
	readonly recent: readonly JudgedEnd[];
	readonly unfinished: Unfinished | null;
	readonly verdict: Verdict;
};

export const STORED_HEALTH: StoredKind<BrandHealth> = {
	name: "sign-ins/health",
	read: (value) => {
		const fields = fieldsOf(value);
		const { brandId, minutes: storedMinutes, hours: storedHours } = fields;
		const minutes = readList(storedMinutes, readMinute);
		const hours = readList(storedHours, readHour);
		const recent = readJudgedEnds(fields["recent"]);
		const unfinished = fields["unfinished"] === null ? null : readUnfinished(fields["unfinished"]);
		const verdict = readVerdict(fields["verdict"]);
		return typeof brandId === "string" &&
			minutes !== undefined &&
			hours !== undefined &&
			recent !== undefined &&
			unfinished !== undefined &&
			verdict !== undefined
			? { brandId, minutes, hours, recent, unfinished, verdict }
			: undefined;
	},
};

export function unknownHealth(brandId: string): BrandHealth {
	const nothing = { minutes: [], hours: [], recent: [], unfinished: null };
	return { brandId, ...nothing, verdict: { kind: "well", since: 0 } };
}

/** Adds notes of a brand to what is known of it, and forgets what is too old. @param now milliseconds since the epoch. */
export function withNotes(
	health: BrandHealth,
	notes: readonly AttemptNote[],
	now: number,
): BrandHealth {
	const inOrder = [...notes].sort((one, other) => one.from - other.from);
	const minutes = new Map(health.minutes.map((each) => [each.from, each]));
	const hours = new Map(health.hours.map((each) => [each.from, each]));
	let { unfinished } = health;
	for (const note of inOrder) {
		const hour = Math.floor(note.from / HOUR_MS) * HOUR_MS;
		minutes.set(note.from, addedToMinute(minutes.get(note.from), note));
		hours.set(hour, addedToHour(hours.get(hour), hour, note));
		unfinished = stillUnfinished(unfinished, note);
	}
	return {
		...health,
		minutes: newest(minutes.values(), now - MINUTES_KEPT_MS),
		hours: newest(hours.values(), now - HOURS_KEPT_MS),
		recent: [...health.recent, ...inOrder.flatMap(({ recent }) => recent)]
			.sort((one, other) => one.at - other.at)
			.slice(-MOST_RECENT),
		unfinished,
	};
}

function addedToMinute(before: MinuteCounts | undefined, note: AttemptNote): MinuteCounts {
	const counts = {
		...{ good: 0, certain: 0, likely: 0, weak: 0, starters: 0 },
		...before,
	};
	for (const [name, count] of Object.entries(note.ends)) {
		const kind = kindOfEnd(name);
		if (kind !== undefined) {
			counts[kind] += count;
		}
	}
	return { ...counts, from: note.from, starters: counts.starters + note.starters };
}

function addedToHour(before: HourCounts | undefined, from: number, note: AttemptNote): HourCounts {
	const ends = new Map(Object.entries(before?.ends ?? {}));
	for (const [name, count] of Object.entries(note.ends)) {
		const known = ends.has(name) || ends.size < MOST_ENDS ? name : OTHER_END;
		ends.set(known, (ends.get(known) ?? 0) + count);
	}
	return {
		from,
		ends: Object.fromEntries(ends),
		returned: (before?.returned ?? 0) + note.returned,
		starters: (before?.starters ?? 0) + note.starters,
	};
}

function stillUnfinished(before: Unfinished | null, note: AttemptNote): Unfinished | null {
	if (note.returned > 0) {
		return null;
	}
	return note.starters === 0
		? before
		: {
				starters: (before?.starters ?? 0) + note.starters,
				since: before?.since ?? note.from,
			};
}

function newest<Counts extends { readonly from: number }>(
	counts: Iterable<Counts>,
	after: number,
): readonly Counts[] {
	return [...counts].filter(({ from }) => from > after).sort((one, other) => one.from - other.from);
}

function readList<Value>(
	value: Stored,
	read: (item: StorageValue) => Value | undefined,
): readonly Value[] | undefined {
	if (!Array.isArray(value)) {
		return undefined;
	}
	const items = value.flatMap((item): Value[] => {
		const known = read(item);
		return known === undefined ? [] : [known];
	});
	return items.length === value.length ? items : undefined;
}

type Stored = StorageValue | undefined;

function readMinute(value: Stored): MinuteCounts | undefined {
	const { from, good, certain, likely, weak, starters } = fieldsOf(value);
	return isTime(from) &&
		typeof good === "number" &&
		typeof certain === "number" &&
		typeof likely === "number" &&
		typeof weak === "number" &&
		typeof starters === "number"
		? { from, good, certain, likely, weak, starters }
		: undefined;
}

function readHour(value: Stored): HourCounts | undefined {
	const { from, ends: stored, returned, starters } = fieldsOf(value);
	const ends = readFields(stored, (count) => (typeof count === "number" ? count : undefined));
	return isTime(from) &&
		ends !== undefined &&
		typeof returned === "number" &&
		typeof starters === "number"
		? { from, ends, returned, starters }
		: undefined;
}

function readUnfinished(value: Stored): Unfinished | undefined {
	const { starters, since } = fieldsOf(value);
	return typeof starters === "number" && isTime(since) ? { starters, since } : undefined;
}

function readVerdict(value: Stored): Verdict | undefined {
	const { kind, since, why } = fieldsOf(value);
	if (!isTime(since)) {
		return undefined;
	}
	if (kind === "failing") {
		return typeof why === "string" ? { kind, since, why } : undefined;
	}
	return kind === "well" ? { kind, since } : undefined;
}
