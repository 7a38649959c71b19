import type { Locale } from "../../../locale/locale.ts";
import { withQuery } from "../list-pager.ts";

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

export function selectedSentences(
	{ end, changed, unchanged, left }: SelectedCounts,
	{ text }: Locale,
): string {
	return [
		text(`users.${end}`, { count: changed }),
		...(unchanged === 0 ? [] : [text(`users.${end}.unchanged`, { count: unchanged })]),
		...(left === 0 ? [] : [text("users.left", { count: left })]),
	].join(" ");
}

/** The query of the page after it. */
export function doneSelected({ end, changed, unchanged }: SelectedCounts): string {
	return withQuery("", { done: end, changed: `${changed}`, unchanged: `${unchanged}` }).slice(1);
}

/** Reads what {@link doneSelected} writes. @returns undefined where the query says nothing of it. */
export function sentencesIn(
	query: (name: string) => string | undefined,
	locale: Locale,
): string | undefined {
	const end = query("done");
	const counts = ["changed", "unchanged"].map((name) => /^\d{1,3}$/.exec(query(name) ?? "")?.[0]);
	const [changed, unchanged] = counts;
	return (end === "approved" || end === "suspended") &&
		changed !== undefined &&
		unchanged !== undefined
		? selectedSentences({ end, changed: +changed, unchanged: +unchanged, left: 0 }, locale)
		: undefined;
}
