import { fieldsOf, readTexts, type StoredKind } from "../../../storage/stored-value.ts";

/** How far a walk over the unconfirmed accounts is. */
export type ExpiryPosition = {
	/** The brands that are still to be walked; the first one is under way. */
	readonly brandIds: readonly string[];
	readonly cursor: string | null;
	/** The last day whose hints are looked at. */
	readonly until: string;
	readonly looked: number;
	readonly deleted: number;
	/** Accounts and hints that cannot be read, and stay. */
	readonly unreadable: number;
	/** Accounts that could not be looked at or deleted, and are looked at again in a week. */
	readonly failed: number;
};

export const EXPIRY_POSITION: StoredKind<ExpiryPosition> = {
	name: "jobs/expire-accounts/position",
	read: (value) => {
		const { cursor = null, until, looked, deleted, unreadable, failed = 0 } = fieldsOf(value);
		const brandIds = readTexts(fieldsOf(value)["brandIds"]);
		return brandIds !== undefined &&
			(cursor === null || typeof cursor === "string") &&
			typeof until === "string" &&
			typeof looked === "number" &&
			typeof deleted === "number" &&
			typeof unreadable === "number" &&
			typeof failed === "number"
			? { brandIds, cursor, until, looked, deleted, unreadable, failed }
			: undefined;
	},
};
