import type { JobKind } from "../../jobs/job-kind.ts";
import { once, type Task, taskListKind } from "./task-list.ts";
import { exclusiveFor, UNINSTALL_PARAMS } from "./withdrawal-params.ts";
import {
	addOnOf,
	deactivation,
	deletingFiles,
	facts,
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
		words: ({ addOnId, data }) => ({
			title: data === "purge" ? `Delete ${addOnId} and all its data` : `Uninstall ${addOnId}`,
			unit: "links",
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

/** Deletes what the helpdesk keeps for an add-on that is gone. */
function emptying(
	parts: WithdrawalJobParts,
	addOnId: string,
	brandIds: readonly string[],
): readonly Task[] {
	const { states } = parts.addOns.slot(addOnId);
	const files = deletingFiles(parts, addOnId);
	return [
		{
			name: "empty",
			step: async () => {
				const slot = parts.addOns.slot(addOnId);
				const commit = (await slot.states.isEmptying()) ? await slot.someLeft() : undefined;
				return commit === undefined ? { next: undefined } : { next: "again", commit };
			},
		},
		{
			...files,
			step: async (from) => ((await states.isEmptying()) ? files.step(from) : { next: undefined }),
		},
		...brandIds.map((brandId) => {
			const task = facts(parts, brandId);
			return { ...task, name: `last ${task.name}` };
		}),
		once("emptied", async () => {
			const { states } = parts.addOns.slot(addOnId);
			if (await states.isEmptying()) {
				await states.emptied();
			}
		}),
	];
}
