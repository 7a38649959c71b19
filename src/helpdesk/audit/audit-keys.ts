import { createHash } from "node:crypto";
import type { StorageCommit, StorageKey, StorageValue } from "../../contract/storage.ts";
import { fieldsOf, isTextOrNull, type StoredKind } from "../../storage/stored-value.ts";
import type { StoredEntry } from "./audit-entry.ts";

const DAY_MS = 24 * 60 * 60_000;
/** Greater than every time, so that the later one comes first. */
const AFTER_ALL_TIMES = Number.MAX_SAFE_INTEGER;
const AFTER_ALL_DAYS = 99_999_999;

export const SETTINGS_KEY: StorageKey = ["settings", "kept-days"];
export const OPEN: StorageKey = ["open"];
export const DAYS: StorageKey = ["day"];

/** What entries are found by. */
export type Facet = "actor" | "deed" | "object";

/** What the index says of an entry, so that a filter need not read it. */
export type Facts = Readonly<Record<Facet, string | null>>;

export const STORED_FACTS: StoredKind<Facts> = {
	name: "audit/by",
	read: (value) => {
		const { actor = null, deed = null, object = null } = fieldsOf(value);
		return isTextOrNull(actor) && isTextOrNull(deed) && isTextOrNull(object)
			? { actor, deed, object }
			: undefined;
	},
};

/** The day of a time in UTC, counted from the epoch. */
export function dayOf(time: number): number {
	return Math.floor(time / DAY_MS);
}

/** Names an entry. The newest one comes first. */
export function idOf({ at, trace }: Pick<StoredEntry, "at" | "trace">): string {
	return `${String(AFTER_ALL_TIMES - at).padStart(16, "0")}-${trace}`;
}

/** When the deed of an entry was done. Milliseconds since the epoch. */
export function timeIn(id: string): number {
	return AFTER_ALL_TIMES - Number(id.slice(0, 16));
}

/** The entries of a day, newest first. */
export function entriesOf(day: number): StorageKey {
	return ["entry", String(AFTER_ALL_DAYS - day).padStart(8, "0")];
}

export const ENTRIES: StorageKey = ["entry"];

export function entryKey(id: string): StorageKey {
	return [...entriesOf(dayOf(timeIn(id))), id];
}

/** What leads to the entries with a fact, newest first. */
export function indexOf(facet: Facet, fact: string): StorageKey {
	// A digest, because ids may be too long for a key.
	return ["by", facet, createHash("sha256").update(fact).digest("base64url")];
}

/** The part of {@link indexOf} that is one day's. */
export function indexOfDay(facet: Facet, fact: string, day: number): StorageKey {
	return [...indexOf(facet, fact), String(AFTER_ALL_DAYS - day).padStart(8, "0")];
}

export function openKey(id: string): StorageKey {
	return [...OPEN, id];
}

/** Days come in their order, so that the oldest is found first. */
export function dayKey(day: number): StorageKey {
	return [...DAYS, String(day).padStart(8, "0")];
}

function factsOf({ actor, actorId, deed, objectId }: StoredEntry): Facts {
	return { actor: actorId ?? actor, deed, object: objectId };
}

/** Part of a commit: a new entry, and what leads to it. */
export function entrySets(entry: StoredEntry): NonNullable<StorageCommit["sets"]> {
	const id = idOf(entry);
	const open = entry.state === "begun" ? [{ key: openKey(id), value: null }] : [];
	return [
		{ key: entryKey(id), value: entry },
		{ key: dayKey(dayOf(entry.at)), value: null },
		...indexKeys(entry).map((key) => ({ key, value: factsOf(entry) as StorageValue })),
		...open,
	];
}

/** The keys of an entry that is to go. */
export function keysOf(entry: StoredEntry): readonly StorageKey[] {
	const id = idOf(entry);
	return [entryKey(id), ...indexKeys(entry), openKey(id)];
}

function indexKeys(entry: StoredEntry): readonly StorageKey[] {
	const id = idOf(entry);
	const day = dayOf(entry.at);
	const facts = Object.entries(factsOf(entry)) as [Facet, string | null][];
	return facts.flatMap(([facet, fact]) =>
		fact === null ? [] : [[...indexOfDay(facet, fact, day), id]],
	);
}
