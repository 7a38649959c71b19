import type { StorageValue } from "../../contract/storage.ts";
import { fieldsOf, isTime, type StoredKind } from "../../storage/stored-value.ts";

export type StoredLetter = {
	readonly brandId: string;
	readonly to: string;
	readonly subject: string;
	readonly text: string;
	/** When it was written. Milliseconds since the epoch. */
	readonly at: number;
	/** Why the last try to deliver it failed. */
	readonly problem: string | null;
	/** The plugin that wrote it; null for the helpdesk itself. */
	readonly pluginId: string | null;
	/** No node tries to deliver it before: one is at it, or it waits after a failure. Milliseconds since the epoch. */
	readonly heldUntil: number;
	/** From then on it is of no use. Milliseconds since the epoch. Letters of version 0.2.0 have none. */
	readonly usefulUntil?: number;
	/** How often it could not be delivered. Letters of version 0.2.0 have none. */
	readonly failures?: number;
	/** Why it is not tried again; its text is gone then. Letters of version 0.2.0 have none. */
	readonly ended?: "refused" | "late";
	/** The index of outgoing mail leads to it. Letters of earlier versions have no mark and may not be in the index. */
	readonly indexed?: true;
};

/** How long a letter is kept. */
export const KEPT_MS = 7 * 24 * 60 * 60_000;
/** How long a letter is of use that does not say it. */
export const USEFUL_MS = 24 * 60 * 60_000;

/** When a letter ceases to be of use. Milliseconds since the epoch. */
export function usefulUntil({ at, usefulUntil: until = at + USEFUL_MS }: StoredLetter): number {
	return until;
}

/** When the next try to deliver a letter is due. Milliseconds since the epoch. */
export function dueAt({ at, heldUntil }: StoredLetter): number {
	return Math.max(at, heldUntil);
}

export const STORED_LETTER: StoredKind<StoredLetter> = { name: "outbox", read: readLetter };

/** Keeps fields that a later version added. */
function readLetter(value: StorageValue): StoredLetter | undefined {
	const fields = fieldsOf(value);
	const { brandId, to, subject, text, at, problem = null, pluginId = null, heldUntil = 0 } = fields;
	const { usefulUntil, failures, ended, indexed } = fields;
	return typeof brandId === "string" &&
		typeof to === "string" &&
		typeof subject === "string" &&
		typeof text === "string" &&
		isTime(at) &&
		(problem === null || typeof problem === "string") &&
		(pluginId === null || typeof pluginId === "string") &&
		typeof heldUntil === "number"
		? {
				...{ ...fields, brandId, to, subject, text, at, problem, pluginId, heldUntil },
				...(isTime(usefulUntil) && { usefulUntil }),
				...(typeof failures === "number" && { failures }),
				...((ended === "refused" || ended === "late") && { ended }),
				...(indexed === true && { indexed }),
			}
		: undefined;
}
