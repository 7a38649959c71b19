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
};

export const STORED_LETTER: StoredKind<StoredLetter> = { name: "outbox", read: readLetter };

/** Keeps fields that a later version added. */
function readLetter(value: StorageValue): StoredLetter | undefined {
	const fields = fieldsOf(value);
	const { brandId, to, subject, text, at, problem = null, pluginId = null, heldUntil = 0 } = fields;
	const { usefulUntil, failures, ended } = fields;
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
			}
		: undefined;
}
