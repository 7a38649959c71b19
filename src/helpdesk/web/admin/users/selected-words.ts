import { withQuery } from "../list-pager.ts";
import { countedUsers } from "./user-words.ts";

/** How what was done to selected users is called in the address of the page after it. */
export type SelectedEnd = "approved" | "suspended";

export interface SelectedCounts {
	readonly end: SelectedEnd;
	readonly changed: number;
	/** How many were looked at and stayed as they were. */
	readonly unchanged: number;
	/** How many were not reached. */
	readonly left: number;
}

const WORDS: Readonly<Record<SelectedEnd, { readonly did: string; readonly others: string }>> = {
	approved: { did: "approved", others: "did not wait for approval" },
	suspended: { did: "suspended and logged out everywhere", others: "suspended already" },
};

export function selectedSentence({ end, changed, unchanged, left }: SelectedCounts): string {
	const { did, others } = WORDS[end];
	const is = (count: number): string => (count === 1 ? "is" : "are");
	return [
		`${countedUsers(changed)} ${is(changed)} ${did}.`,
		...(unchanged === 0
			? []
			: [
					`${countedUsers(unchanged)} ${end === "suspended" ? `${unchanged === 1 ? "was" : "were"} ` : ""}${others}.`,
				]),
		...(left === 0
			? []
			: [
					`Then the storage could not be reached: ${countedUsers(left)} ${is(left)} as before. Select them once more in a moment.`,
				]),
	].join(" ");
}

/** The query of the page after it. */
export function doneSelected({ end, changed, unchanged }: SelectedCounts): string {
	return withQuery("", { done: end, changed: `${changed}`, unchanged: `${unchanged}` }).slice(1);
}

/** Reads what {@link doneSelected} writes. @returns undefined where the query says nothing of it. */
export function sentenceIn(query: (name: string) => string | undefined): string | undefined {
	const end = query("done");
	const counts = ["changed", "unchanged"].map((name) => /^\d{1,3}$/.exec(query(name) ?? "")?.[0]);
	const [changed, unchanged] = counts;
	return (end === "approved" || end === "suspended") &&
		changed !== undefined &&
		unchanged !== undefined
		? selectedSentence({ end, changed: +changed, unchanged: +unchanged, left: 0 })
		: undefined;
}
