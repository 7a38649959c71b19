import type { StorageKey } from "../../contract/storage.ts";
import { addressKey, comparedAddress } from "./email-key.ts";
import { dueAt, type StoredLetter } from "./stored-letter.ts";

/** As many digits as the last moment of a `Date` has, so that texts sort as their numbers do. */
const DIGITS = 16;

/** All letters, the newest first. */
export const NEWEST: StorageKey = ["newest"];
/** The letters that wait, by when the next try is due. */
export const DUE: StorageKey = ["due"];
/** The letters that were not delivered and are not tried again, the oldest first. */
export const ENDED: StorageKey = ["ended"];
/** The letters that the mail server has taken, the oldest first. */
export const DELIVERED: StorageKey = ["delivered"];

/** The letters to an address at all brands, the newest first. Spellings of one address have one place. */
export function placeOfAddress(address: string): StorageKey {
	return ["to", addressKey(comparedAddress(address))];
}

/** The letters of a plugin, at one brand or at all. */
export function placeOfPlugin(pluginId: string, brandId?: string): StorageKey {
	return ["of", pluginId, ...(brandId === undefined ? [] : [brandId])];
}

/** What operators can ask for: the letters that wait, that were delivered, and that were not. */
export const LETTER_STATES = ["waiting", "delivered", "failed"] as const;
export type LetterState = (typeof LETTER_STATES)[number];

/** The letters of a state: those that wait by when the next try is due, the others the newest first. */
export function placeOfState(state: LetterState): StorageKey {
	return state === "waiting" ? DUE : ["shown", state];
}

export function stateOf({ ended }: Pick<StoredLetter, "ended">): LetterState {
	return ended === undefined ? "waiting" : ended === "delivered" ? ended : "failed";
}

/** The keys that lead to a letter. They depend on nothing else, so that the commit that changes it can delete the old ones. */
export function indexKeys(id: string, letter: StoredLetter): readonly StorageKey[] {
	const { at, to, brandId, pluginId, ended } = letter;
	const newest = [digits(Number.MAX_SAFE_INTEGER - at), id];
	return [
		[...NEWEST, ...newest],
		[...placeOfAddress(to), ...newest],
		...(ended === undefined
			? [[...DUE, digits(dueAt(letter)), id]]
			: [
					[...(ended === "delivered" ? DELIVERED : ENDED), digits(at), id],
					[...placeOfState(stateOf(letter)), ...newest],
				]),
		...(pluginId === null ? [] : [[...placeOfPlugin(pluginId, brandId), id]]),
	];
}

/** The key of a letter that cannot be read. It comes last among all letters. */
export function unreadableKey(id: string): StorageKey {
	return [...NEWEST, digits(Number.MAX_SAFE_INTEGER), id];
}

/** Whether two keys of the index are the same. */
export function isSameKey(key: StorageKey, other: StorageKey): boolean {
	return key.length === other.length && key.every((part, index) => part === other[index]);
}

/** A time as a part of a key. A stored time may be before 1970, or no whole number. */
function digits(time: number): string {
	return String(Math.max(0, Math.floor(time))).padStart(DIGITS, "0");
}
