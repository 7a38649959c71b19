import { displayName } from "../../contract/display-name.ts";
import type { StorageCommit, StorageEntry, StorageKey } from "../../contract/storage.ts";
import { fieldsOf, isTime, type StoredKind } from "../../storage/stored-value.ts";
import type { AccountLink } from "./stored-account.ts";

/** The note that what is linked to a user has to be asked for. */
export interface LinksNote {
	readonly userId: string;
	/** The version of its entry. It is new after each deed that changed links. */
	readonly version: string;
}

/** The most links of an account that the helpdesk keeps. */
const MOST_LINKS = 20;
/** No clock that is right is so far ahead of another one. Milliseconds. */
const AHEAD_MS = 24 * 60 * 60_000;

const NOTE: StoredKind<{ readonly at: number }> = {
	name: "accounts/links-due",
	read: (value) => {
		const { at } = fieldsOf(value);
		return isTime(at) ? { at } : undefined;
	},
};

export function linksDueKey(...userId: [] | [string]): StorageKey {
	return ["links-due", ...userId];
}

/** @param at milliseconds since the epoch. */
export function linksNote(userId: string, at: number): NonNullable<StorageCommit["sets"]>[number] {
	return { key: linksDueKey(userId), value: { at } };
}

/**
 * The notes from before a time, the oldest first. One that cannot be read, or is of a day that is still to come, because a
 * clock was wrong, is as old as time.
 */
export function notesBefore(entries: readonly StorageEntry[], time: number): readonly LinksNote[] {
	return entries
		.map(({ key, version, value }) => ({
			userId: String(key.at(-1)),
			version,
			at: NOTE.read(value)?.at ?? 0,
		}))
		.map((note) => (note.at > time + AHEAD_MS ? { ...note, at: 0 } : note))
		.filter(({ at }) => at < time)
		.sort((one, other) => one.at - other.at)
		.map(({ userId, version }) => ({ userId, version }));
}

/** Links in the form in which an account keeps them: with labels that are safe to show, sorted, each once, at most 20. */
export function keptLinks(links: readonly AccountLink[]): readonly AccountLink[] {
	const kept = new Map<string, AccountLink>();
	for (const { addOn, id, label } of links) {
		kept.set(JSON.stringify([addOn, id]), { addOn, id, label: displayName(label) });
	}
	return [...kept]
		.sort(([one], [other]) => (one < other ? -1 : 1))
		.map(([, link]) => link)
		.slice(0, MOST_LINKS);
}
