import type { JobKind } from "../../jobs/job-kind.ts";
import { emptying } from "./emptying.ts";
import { once, taskListKind } from "./task-list.ts";
import { exclusiveFor, UNINSTALL_PARAMS } from "./withdrawal-params.ts";
import {
	addOnOf,
	deactivation,
	letters,
	purging,
	type WithdrawalJobParts,
} from "./withdrawal-tasks.ts";

export const UNINSTALL = "uninstall";

/**
 * Uninstalls an add-on, and deletes its data if that is wanted. Goes on with a deletion that was begun before. Its steps are
 * one commit (letters), or may be done twice.
 */
export function uninstall(parts: WithdrawalJobParts): JobKind {
	return taskListKind({
		type: UNINSTALL,
		params: UNINSTALL_PARAMS,
		exclusive: exclusiveFor,
		words: ({ addOnId, data, letters: writes }) => ({
			title: {
				key: data === "purge" ? "add-on-job.discard" : "add-on-job.uninstall",
				values: { addOn: parts.addOns.nameOf(addOnId) },
			},
			unit: writes ? "links and e-mails" : "links",
		}),
		total: async () => null,
		tasks: ({ addOnId, brandIds, data, letters: writes }) => [
			deactivation(parts, addOnId),
			...(writes ? brandIds.map((brandId) => letters(parts, addOnId, brandId)) : []),
			...(data === "purge" ? brandIds.flatMap((brandId) => purging(parts, addOnId, brandId)) : []),
			once("uninstall", async () => (await addOnOf(parts, addOnId)).plugin.uninstall(data)),
			...(data === "purge" ? emptying(parts, addOnId, brandIds) : []),
		],
	});
}
