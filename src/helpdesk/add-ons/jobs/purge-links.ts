import type { JobKind } from "../../jobs/job-kind.ts";
import { taskListKind } from "./task-list.ts";
import { exclusiveFor, WITHDRAWAL_PARAMS } from "./withdrawal-params.ts";
import {
	deactivation,
	deletingFiles,
	letters,
	purging,
	switchingOff,
	type WithdrawalJobParts,
} from "./withdrawal-tasks.ts";

export const PURGE_LINKS = "purge-links";

/**
 * Deletes the links of an add-on at brands, where it is switched off first, and its lists and exports. The people are written to, if that is wanted,
 * while it is still known who they are. Its steps are one commit (letters), or may be done twice.
 */
export function purgeLinks(parts: WithdrawalJobParts): JobKind {
	return taskListKind({
		type: PURGE_LINKS,
		params: WITHDRAWAL_PARAMS,
		exclusive: exclusiveFor,
		words: ({ addOnId, brandIds, letters: writes }) => ({
			title: {
				key: "add-on-job.delete-links",
				values: { addOn: parts.addOns.nameOf(addOnId), brands: { all: brandIds } },
			},
			unit: writes ? "links and e-mails" : "links",
		}),
		total: async () => null,
		tasks: ({ addOnId, brandIds, deactivates, letters: writes }) => [
			...(deactivates ? [deactivation(parts, addOnId)] : []),
			...brandIds.map((brandId) => switchingOff(parts, addOnId, brandId)),
			...(writes ? brandIds.map((brandId) => letters(parts, addOnId, brandId)) : []),
			...brandIds.flatMap((brandId) => purging(parts, addOnId, brandId)),
			deletingFiles(parts, addOnId),
		],
	});
}
