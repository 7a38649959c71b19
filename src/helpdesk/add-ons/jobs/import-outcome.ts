import type { LinkResult } from "../../../contract/link-transfer.ts";
import { fieldsOf, type StoredKind } from "../../../storage/stored-value.ts";
import type { RowResult } from "../../files/import-results.ts";
import type { Message } from "../../locale/locale.ts";

/** The most messages that are counted each, because the record of the job has the counts. */
const MOST_MESSAGES = 50;
/** The message under which all further ones are counted. */
export const OTHER_MESSAGES = "";

/** How many rows have a result. A plugin may have a message for each row: from the 51st on, the state alone counts. */
export type ResultCount = RowResult & { readonly count: number };

/** What is known about an import while it goes on. */
export type ImportOutcome = {
	/** Whether nothing was changed. */
	readonly isTry: boolean;
	readonly counts: readonly ResultCount[];
	/** The file with the results, see `ImportResults`. */
	readonly resultsId: string;
	/** How many parts of rows there are to look at. */
	readonly noted: number;
	readonly isComplete: boolean;
};

export const IMPORT_OUTCOME: StoredKind<ImportOutcome> = {
	name: "jobs/import-links result",
	read: (value) => {
		const { isTry, counts, resultsId, noted, isComplete } = fieldsOf(value);
		return typeof isTry === "boolean" &&
			Array.isArray(counts) &&
			typeof resultsId === "string" &&
			typeof noted === "number" &&
			typeof isComplete === "boolean"
			? { isTry, counts: counts as readonly ResultCount[], resultsId, noted, isComplete }
			: undefined;
	},
};

export function withCounted(
	counts: readonly ResultCount[],
	results: readonly RowResult[],
): readonly ResultCount[] {
	const sums = counts.map((each) => ({ ...each }));
	const sumOf = (state: LinkResult["state"], message: string) =>
		sums.find((each) => each.state === state && each.message === message);
	for (const { state, message } of results) {
		const isFull = sums.length >= MOST_MESSAGES;
		const sum = sumOf(state, message) ?? (isFull ? sumOf(state, OTHER_MESSAGES) : undefined);
		if (sum === undefined) {
			sums.push({ state, message: isFull ? OTHER_MESSAGES : message, count: 1 });
		} else {
			sum.count += 1;
		}
	}
	return sums;
}

export function countOf(counts: readonly ResultCount[], state: LinkResult["state"]): number {
	return counts.reduce((sum, each) => sum + (each.state === state ? each.count : 0), 0);
}

/** What came out: “412 would be linked, 3 refused. Nothing has changed yet.” What did not happen is left out. */
export function outcomeMessage({
	counts,
	isTry,
}: Pick<ImportOutcome, "counts" | "isTry">): Message {
	const linked = countOf(counts, isTry ? "would-link" : "linked");
	const refused = countOf(counts, "refused");
	const already = countOf(counts, "already-linked");
	const begin = isTry ? "add-on-job.would-link" : "add-on-job.linked";
	if (refused === 0) {
		return already === 0
			? { key: begin, values: { linked } }
			: { key: `${begin}-and-already`, values: { linked, already } };
	}
	return already === 0
		? { key: `${begin}-and-refused`, values: { linked, refused } }
		: { key: `${begin}-refused-and-already`, values: { linked, refused, already } };
}
