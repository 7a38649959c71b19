import type { StorageKey } from "../../contract/storage.ts";
import { addressKey, comparedAddress } from "./email-key.ts";
import { dueAt, type StoredLetter } from "./stored-letter.ts";

/** As many digits as the last moment of a `Date` has, so that texts sort as their numbers do. */
const DIGITS = 16;

/** All letters, the newest first. */
export const NEWEST: StorageKey = ["newest"];
/** The letters that wait, by when the next try is due. */
export const DUE: StorageKey = ["due"];
/** The letters that are not tried again, the oldest first. */
export const ENDED: StorageKey = ["ended"];

/** The letters to an address at all brands, the newest first. Spellings of one address have one place. */
export function placeOfAddress(address: string): StorageKey {
	return ["to", addressKey(comparedAddress(address))];
}

/** The letters of a plugin, at one brand or at all. */
export function placeOfPlugin(pluginId: string, brandId?: string): StorageKey {
	return ["of", pluginId, ...(brandId === undefined ? [] : [brandId])];
}

/** The keys that lead to a letter. They depend on nothing else, so that the commit that changes it can delete the old ones. */
export function indexKeys(id: string, letter: StoredLetter): readonly StorageKey[] {
	const { at, to, brandId, pluginId, ended } = letter;
	const newest = [digits(Number.MAX_SAFE_INTEGER - at), id];
	return [
		[...NEWEST, ...newest],
		[...placeOfAddress(to), ...newest],
		ended === undefined ? [...DUE, digits(dueAt(letter)), id] : [...ENDED, digits(at), id],
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
