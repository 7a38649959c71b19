import { fieldsOf, isTextOrNull, type StoredKind } from "../../../storage/stored-value.ts";

/**
 * How far the index is: with the accounts, then with the links that each add-on lists, then with asking for the links of
 * the others, and then with the counts.
 */
export type IndexPosition = {
	readonly phase: "accounts" | "links" | "ask" | "counts";
	readonly cursor: string | null;
	/** Whose links are read. Null: nobody's yet. */
	readonly addOn: string | null;
	readonly brandId: string | null;
	/** The accounts that are in the index. */
	readonly done: number;
};

const PHASES: readonly IndexPosition["phase"][] = ["accounts", "links", "ask", "counts"];

export const INDEX_POSITION: StoredKind<IndexPosition> = {
	name: "jobs/job index-people",
	read: (value) => {
		const { cursor = null, addOn = null, brandId = null, done, ...fields } = fieldsOf(value);
		const phase = PHASES.find((each) => each === fields["phase"]);
		return phase !== undefined &&
			isTextOrNull(cursor) &&
			isTextOrNull(addOn) &&
			isTextOrNull(brandId) &&
			typeof done === "number"
			? { phase, cursor, addOn, brandId, done }
			: undefined;
	},
};
