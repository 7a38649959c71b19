import type { LinkResult } from "../../../contract/link-transfer.ts";
import { fieldsOf, type StoredKind } from "../../../storage/stored-value.ts";
import type { RowResult } from "../../files/import-results.ts";

/** How many rows have a result. */
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
	for (const { state, message } of results) {
		const sum = sums.find((each) => each.state === state && each.message === message);
		if (sum === undefined) {
			sums.push({ state, message, count: 1 });
		} else {
			sum.count += 1;
		}
	}
	return sums;
}

export function countOf(counts: readonly ResultCount[], state: LinkResult["state"]): number {
	return counts.reduce((sum, each) => sum + (each.state === state ? each.count : 0), 0);
}

/** “412 would be linked, 3 refused.” */
export function outcomeSentence({
	counts,
	isTry,
}: Pick<ImportOutcome, "counts" | "isTry">): string {
	const parts = [
		isTry
			? `${countOf(counts, "would-link")} would be linked`
			: `${countOf(counts, "linked")} linked`,
		`${countOf(counts, "refused")} refused`,
		`${countOf(counts, "already-linked")} already linked`,
	].filter((part, index) => index === 0 || !part.startsWith("0 "));
	return `${parts.join(", ")}.${isTry ? " Nothing has changed yet." : ""}`;
}
