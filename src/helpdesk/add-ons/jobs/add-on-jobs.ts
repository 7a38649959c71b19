import type { JobKind } from "../../jobs/job-kind.ts";
import { STARTERS } from "../../jobs/job-starters.ts";
import type { Jobs } from "../../jobs/jobs.ts";
import type { AddOn } from "../add-on.ts";
import type { UserKeepers } from "../remove-user.ts";
import { purgeLinks } from "./purge-links.ts";
import { deleteUserJob, mergeUsersJob } from "./remove-users.ts";
import { type RetireBrandParts, retireBrand } from "./retire-brand.ts";
import { UNINSTALL, uninstall } from "./uninstall.ts";
import type { UninstallParams } from "./withdrawal-params.ts";
import type { WithdrawalJobParts } from "./withdrawal-tasks.ts";
import { writeLetters } from "./write-letters.ts";

/** The kinds of jobs about add-ons and their users. */
export function addOnJobs(
	parts: WithdrawalJobParts & UserKeepers & RetireBrandParts,
): readonly JobKind[] {
	return [
		writeLetters(parts),
		purgeLinks(parts),
		uninstall(parts),
		deleteUserJob(parts),
		mergeUsersJob(parts),
		retireBrand(() => parts),
	];
}

/** Goes on with the deletion of an add-on's data, unless a job does it already. */
export async function finishDeletion(jobs: Jobs, { brands, loaded }: AddOn): Promise<void> {
	const params: UninstallParams = {
		addOnId: loaded.manifest.id,
		brandIds: brands.map(({ id }) => id),
		...{ data: "purge", deactivates: true, letters: false },
	};
	await jobs.start({ type: UNINSTALL, params, by: STARTERS.start });
}
