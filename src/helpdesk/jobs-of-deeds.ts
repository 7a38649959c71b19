import type { JobsOfDeeds } from "./audit/audit-trail.ts";
import { jobIdIn } from "./jobs/job-keys.ts";
import type { Jobs } from "./jobs/jobs.ts";

/** The jobs of a helpdesk, as its audit trail sees them. */
export function jobsOfDeeds(find: Jobs["find"]): JobsOfDeeds {
	return {
		idIn: jobIdIn,
		endOf: async (id) => {
			const job = await find(id);
			if (job === undefined) {
				return "gone";
			}
			const { state, endedAt, at } = job;
			const isOver = state === "done" || state === "failed" || state === "cancelled";
			return isOver ? { outcome: state, at: endedAt ?? at } : undefined;
		},
	};
}
