import { emptying } from "../add-ons/jobs/emptying.ts";
import { once, type Task, taskListKind } from "../add-ons/jobs/task-list.ts";
import { DISCARD_PARAMS, exclusiveFor } from "../add-ons/jobs/withdrawal-params.ts";
import type { WithdrawalJobParts } from "../add-ons/jobs/withdrawal-tasks.ts";
import type { JobKind } from "../jobs/job-kind.ts";
import type { PackageInstaller } from "./package-installer.ts";

export const DISCARD_ADD_ON = "discard-add-on";

const GIVE_UP = "give up";

export interface DiscardParts extends WithdrawalJobParts {
	readonly installer: Pick<PackageInstaller, "giveUp" | "remove">;
}

/**
 * Deletes an add-on that cannot be used, with all its data. None of its code is called. Its steps are one commit, or may be
 * done twice.
 */
export function discardAddOn(parts: DiscardParts): JobKind {
	const { installer } = parts;
	return taskListKind({
		type: DISCARD_ADD_ON,
		params: DISCARD_PARAMS,
		exclusive: exclusiveFor,
		words: ({ addOnId }) => ({
			title: { key: "add-on-job.discard", values: { addOn: addOnId } },
			unit: "steps",
		}),
		total: async () => null,
		// An add-on whose record could not be read is shown nowhere from then on, so nobody could delete the rest.
		isTooLateToCancel: async (_, task) => task !== GIVE_UP,
		tasks: ({ addOnId, brandIds }) => [
			once(GIVE_UP, () => installer.giveUp(addOnId)),
			...emptying(parts, addOnId, brandIds).map(countingSteps),
			once("remove", async () => void (await installer.remove(addOnId))),
		],
	});
}

function countingSteps(task: Task): Task {
	return { ...task, step: async (from) => ({ ...(await task.step(from)), units: 1 }) };
}
