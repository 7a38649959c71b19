import type { StorageCommit, StorageKey, StorageValue } from "../../contract/storage.ts";
import { fieldsOf, isTime, readFields, type StoredKind } from "../../storage/stored-value.ts";
import { endName, kindOfEnd } from "./end-kinds.ts";
import type { SignInEntry } from "./sign-in-entry.ts";

export const MINUTE_MS = 60_000;
/** A note that nobody has added up is of no use after this. */
const KEPT_MS = 24 * 60 * MINUTE_MS;
/** How many different ends a note names. A plugin that makes up codes has the others counted as one. */
const MOST_ENDS = 30;
const OTHER_END = "refused other";
/** How many of the newest ends a note lists with their times. */
const MOST_RECENT = 20;
const DIGITS = 16;

/** When an attempt ended, and how, see `endName`. */
export type JudgedEnd = { readonly at: number; readonly end: string };

/** How attempts of one minute ended, at one brand and as one process saw it. */
export type AttemptNote = {
	readonly brandId: string;
	/** The beginning of the minute. Milliseconds since the epoch. */
	readonly from: number;
	/** How many attempts ended in each way, see `endName`. */
	readonly ends: Readonly<Record<string, number>>;
	/** The newest of the ends that say something about the brand, the oldest first. */
	readonly recent: readonly JudgedEnd[];
	/** How many visitors the provider sent back. */
	readonly returned: number;
	/** How many networks went to the provider, for the first time in a day. */
	readonly starters: number;
};

export const STORED_ATTEMPT_NOTE: StoredKind<AttemptNote> = {
	name: "sign-ins/attempts",
	read: (value) => {
		const { brandId, from, ends: stored, recent: listed, returned, starters } = fieldsOf(value);
		const ends = readFields(stored, (count) => (typeof count === "number" ? count : undefined));
		const recent = readJudgedEnds(listed);
		return typeof brandId === "string" &&
			isTime(from) &&
			ends !== undefined &&
			recent !== undefined &&
			typeof returned === "number" &&
			typeof starters === "number"
			? { brandId, from, ends, recent, returned, starters }
			: undefined;
	},
};

/** @returns undefined for any value but a list of ends. */
export function readJudgedEnds(value: StorageValue | undefined): readonly JudgedEnd[] | undefined {
	if (!Array.isArray(value)) {
		return undefined;
	}
	const ends = value.flatMap((each): JudgedEnd[] => {
		const { at, end } = fieldsOf(each);
		return isTime(at) && typeof end === "string" ? [{ at, end }] : [];
	});
	return ends.length === value.length ? ends : undefined;
}

/** Where the notes are. @param brandId left out: those of all brands. */
export function attemptNoteKeys(brandId?: string): StorageKey {
	return brandId === undefined ? ["attempts"] : ["attempts", brandId];
}

/** @param part names the note among those of the minute. */
export function noteSet(
	note: AttemptNote,
	part: string,
): NonNullable<StorageCommit["sets"]>[number] {
	const { brandId, from } = note;
	const key = [...attemptNoteKeys(brandId), String(from).padStart(DIGITS, "0"), part];
	return { key, value: note, expiresAt: from + KEPT_MS };
}

export function emptyNote(brandId: string, from: number): AttemptNote {
	return { brandId, from, ends: {}, recent: [], returned: 0, starters: 0 };
}

/** A note with the end of one more attempt. */
export function withEnd(note: AttemptNote, entry: SignInEntry): AttemptNote {
	const named = endName(entry);
	const isKnown = Object.hasOwn(note.ends, named) || Object.keys(note.ends).length < MOST_ENDS;
	const end = isKnown ? named : OTHER_END;
	const isJudged = kindOfEnd(end) !== undefined;
	return {
		...note,
		ends: { ...note.ends, [end]: (note.ends[end] ?? 0) + 1 },
		recent: isJudged ? [...note.recent, { at: entry.at, end }].slice(-MOST_RECENT) : note.recent,
		returned: note.returned + (entry.awayMs === null ? 0 : 1),
	};
}

export function startOfMinute(time: number): number {
	return Math.floor(time / MINUTE_MS) * MINUTE_MS;
}

/** Whether a note of a minute does not change any more. A process stores what comes later in a note of its own. */
export function isNoteClosed(from: number, now: number): boolean {
	return from + MINUTE_MS + LATE_MS <= now;
}

/** Whether a note can be added up. Nodes' clocks may differ, and a commit that was sent in time may take a while. */
export function isNoteDue(from: number, now: number): boolean {
	return from + MINUTE_MS + 3 * LATE_MS <= now;
}

const LATE_MS = 20_000;
