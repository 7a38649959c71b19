import type { StorageKey, StorageValue } from "../../contract/storage.ts";
import { fieldsOf, readFields, type StoredKind } from "../../storage/stored-value.ts";
import type { SignInEntry } from "./sign-in-entry.ts";

const DAY_MS = 24 * 60 * 60_000;

/** The people of a brand on one day of UTC who logged in by one protocol. */
export interface DayCount {
	/** The beginning of the day. Milliseconds since the epoch. */
	readonly day: number;
	readonly brandId: string;
	readonly protocol: string;
	/** How many people the provider named. Each counts once. */
	readonly people: number;
	/** How many attempts ended before the provider named anybody, because it answered with an error or not at all. */
	readonly unnamed: number;
}

/** The counts of one month of UTC. */
export interface MonthCounts {
	readonly counts: readonly DayCount[];
	/**
	 * The beginning of the first day that is left out, because too many people are not added up yet. They are when the day is
	 * over. Milliseconds since the epoch; undefined where all days are counted.
	 */
	readonly countedUntil: number | undefined;
}

/** How many people of a brand logged in on a day, by protocol. */
export const STORED_PEOPLE: StoredKind<PeopleByProtocol> = {
	name: "sign-ins/people",
	read: readPeople,
};
type PeopleByProtocol = { readonly people: Readonly<Record<string, number>> };

export const STORED_UNNAMED: StoredKind<number> = { name: "sign-ins/unnamed", read: readCount };

/** Whether an attempt called the provider and ended because of its error, before the person was known. */
export function isUnnamed({ protocol, who, calls, problem }: SignInEntry): boolean {
	return protocol !== null && who === null && calls > 0 && problem !== null;
}

export function startOfDay(time: number): number {
	return Math.floor(time / DAY_MS) * DAY_MS;
}

/** The beginning of a later or earlier day. Each day of UTC has 24 hours. */
export function dayAfter(time: number, days = 1): number {
	return startOfDay(time) + days * DAY_MS;
}

/** The beginning of a month, counted from that of a time. */
export function startOfMonth(time: number, months = 0): number {
	const date = new Date(time);
	return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months);
}

/** Until when the counts of a day are kept: to the end of the following month. */
export function keptUntil(time: number): number {
	return startOfMonth(time, 2);
}

/** A part of a key: `2026-11`. */
export function monthOf(time: number): string {
	return new Date(time).toISOString().slice(0, 7);
}

/** The parts of a key that name a day: `2026-11`, `2026-11-29`. */
export function dayKey(time: number): readonly [month: string, day: string] {
	return [monthOf(time), new Date(time).toISOString().slice(0, 10)];
}

/** A person who was named on a day. The same person has the same key on all nodes. */
export function personKey(
	{ at, brandId }: Pick<SignInEntry, "at" | "brandId">,
	protocol: string,
	who: string,
): StorageKey {
	return ["person", ...dayKey(at), brandId, protocol, who];
}

/** The counts of a brand's day that is over. */
export function peopleKey(day: number, brandId: string): StorageKey {
	return ["people", ...dayKey(day), brandId];
}

/** How many attempts a process saw end without a person. */
export function unnamedKey(
	{ at, brandId }: Pick<SignInEntry, "at" | "brandId">,
	protocol: string,
	process: string,
): StorageKey {
	return ["unnamed", ...dayKey(at), brandId, protocol, process];
}

/** What a key of any of these kinds says. Parts that it does not have are empty. */
export function partsOf(key: StorageKey): {
	readonly day: number;
	readonly brandId: string;
	readonly protocol: string;
	/** Of a person their hash, or a random text for a person who was deleted. */
	readonly last: string;
} {
	const [, , day = "", brandId = "", protocol = "", last = ""] = key;
	return { day: Date.parse(day), brandId, protocol, last };
}

/** Keeps fields that a later version added. */
function readPeople(value: StorageValue): PeopleByProtocol | undefined {
	const fields = fieldsOf(value);
	const people = readFields(fields["people"], readCount);
	return people === undefined ? undefined : { ...fields, people };
}

function readCount(value: StorageValue): number | undefined {
	return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined;
}
