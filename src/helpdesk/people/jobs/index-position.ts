import {
	fieldsOf,
	isTextOrNull,
	readTexts,
	type StoredKind,
} from "../../../storage/stored-value.ts";

/**
 * How far the index is: with the accounts, then with the links that each add-on lists, then with the links of the
 * others, and then with the counts.
 */
export type IndexPosition = {
	readonly phase: "accounts" | "links" | "ask" | "counts";
	readonly cursor: string | null;
	/** Whose links are read. Null: nobody's yet. */
	readonly addOn: string | null;
	readonly brandId: string | null;
	/** The brands whose links an add-on could not list. Everybody there is asked about. */
	readonly unlisted: readonly string[];
	/** The accounts that are in the index. */
	readonly done: number;
};

const PHASES: readonly IndexPosition["phase"][] = ["accounts", "links", "ask", "counts"];

export const INDEX_POSITION: StoredKind<IndexPosition> = {
	name: "jobs/job index-people",
	read: (value) => {
		const { cursor = null, addOn = null, brandId = null, done, ...fields } = fieldsOf(value);
		const unlisted = readTexts(fields["unlisted"] ?? []);
		const phase = PHASES.find((each) => each === fields["phase"]);
		return phase !== undefined &&
			isTextOrNull(cursor) &&
			isTextOrNull(addOn) &&
			isTextOrNull(brandId) &&
			unlisted !== undefined &&
			typeof done === "number"
			? { phase, cursor, addOn, brandId, unlisted, done }
			: undefined;
	},
};
