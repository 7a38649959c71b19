import type { JobKind } from "../../jobs/job-kind.ts";
import { taskListKind } from "./task-list.ts";
import { exclusiveFor, WITHDRAWAL_PARAMS } from "./withdrawal-params.ts";
import {
	deactivation,
	letters,
	switchingOff,
	type WithdrawalJobParts,
} from "./withdrawal-tasks.ts";

export const WRITE_LETTERS = "write-letters";

/**
 * Takes an add-on away from brands, keeps the links, and writes to the people who cannot log in any more. Letters that are
 * written stay when it is cancelled. Its steps are one commit (letters), or may be done twice.
 */
export function writeLetters(parts: WithdrawalJobParts): JobKind {
	return taskListKind({
		type: WRITE_LETTERS,
		params: WITHDRAWAL_PARAMS,
		exclusive: exclusiveFor,
		words: ({ addOnId, brandIds }) => ({
			title: {
				key: "add-on-job.write-letters",
				values: { addOn: parts.addOns.nameOf(addOnId), brands: { all: brandIds } },
			},
			unit: "e-mails",
		}),
		total: async () => null,
		tasks: ({ addOnId, brandIds, deactivates }) => [
			...(deactivates
				? [deactivation(parts, addOnId)]
				: brandIds.map((brandId) => switchingOff(parts, addOnId, brandId))),
			...brandIds.map((brandId) => letters(parts, addOnId, brandId)),
		],
	});
}
