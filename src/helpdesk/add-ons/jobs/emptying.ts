import { once, type Task } from "./task-list.ts";
import { deletingFiles, facts, type WithdrawalJobParts } from "./withdrawal-tasks.ts";

/** Deletes what the helpdesk keeps for an add-on that is gone. */
export function emptying(
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
