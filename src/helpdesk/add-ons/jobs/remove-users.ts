import { fieldsOf, type StoredKind } from "../../../storage/stored-value.ts";
import { CannotSucceedError, type JobKind } from "../../jobs/job-kind.ts";
import { isMergeable } from "../merge-user.ts";
import { REMOVAL_STAGES, type Removal, removalStage, type UserKeepers } from "../remove-user.ts";
import { once, type Task, taskListKind } from "./task-list.ts";

export const DELETE_USER = "delete-user";
export const MERGE_USERS = "merge-users";

/** The stages at which the account may be gone. */
const FROM_ACCOUNT_ON: readonly string[] = REMOVAL_STAGES.slice(REMOVAL_STAGES.indexOf("account"));

const DELETION: StoredKind<{ readonly userId: string }> = {
	name: "jobs/job",
	read: (value) => {
		const { userId } = fieldsOf(value);
		return typeof userId === "string" ? { userId } : undefined;
	},
};

const MERGER: StoredKind<{ readonly userId: string; readonly intoUserId: string }> = {
	name: "jobs/job",
	read: (value) => {
		const { userId, intoUserId } = fieldsOf(value);
		return typeof userId === "string" && typeof intoUserId === "string"
			? { userId, intoUserId }
			: undefined;
	},
};

/** Deletes a user as `deleteUser` does, and goes on after a crash. Its steps may be done twice. */
export function deleteUserJob(keepers: UserKeepers): JobKind {
	return taskListKind({
		type: DELETE_USER,
		params: DELETION,
		exclusive: ({ userId }) => `user ${userId}`,
		words: ({ userId }) => ({
			title: { key: "add-on-job.delete-user", values: { user: userId } },
			unit: "steps",
		}),
		total: async () => REMOVAL_STAGES.length,
		isTooLateToCancel: ({ userId }, task) => isAccountGone(keepers, userId, task),
		undo: ({ userId }) => keepers.removals.end({ userId, intoUserId: undefined }),
		tasks: ({ userId }) => stages(keepers, { userId, intoUserId: undefined }),
	});
}

/** Merges a user into another one as `mergeUser` does, and goes on after a crash. Its steps may be done twice. */
export function mergeUsersJob(keepers: UserKeepers): JobKind {
	return taskListKind({
		type: MERGE_USERS,
		params: MERGER,
		exclusive: ({ userId }) => `user ${userId}`,
		words: ({ userId, intoUserId }) => ({
			title: { key: "add-on-job.merge-users", values: { user: userId, into: intoUserId } },
			unit: "steps",
		}),
		total: async () => REMOVAL_STAGES.length,
		isTooLateToCancel: ({ userId }, task) => isAccountGone(keepers, userId, task),
		undo: (removal) => keepers.removals.end(removal),
		tasks: ({ userId, intoUserId }) => [
			once("check", async () => {
				if ((await isMergeable(keepers, userId, intoUserId)) !== "mergeable") {
					throw new CannotSucceedError({ key: "add-on-job.merge-users.gone" });
				}
			}),
			...stages(keepers, { userId, intoUserId }),
		],
	});
}

/** Whether the job may have deleted the account. The rest of the user must go then, too. */
async function isAccountGone(
	{ accounts }: Pick<UserKeepers, "accounts">,
	userId: string,
	task: string,
): Promise<boolean> {
	return FROM_ACCOUNT_ON.includes(task) && (await accounts.find(userId)) === undefined;
}

function stages(keepers: UserKeepers, removal: Removal): readonly Task[] {
	return REMOVAL_STAGES.map((stage) => ({
		name: stage,
		step: async () => {
			await removalStage(keepers, removal, stage);
			return { next: undefined, units: 1 };
		},
	}));
}
