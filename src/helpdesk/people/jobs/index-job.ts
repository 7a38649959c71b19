import type { Jobs } from "../../jobs/jobs.ts";
import type { Job } from "../../jobs/stored-job.ts";
import { INDEX_JOB_ID } from "../index-state.ts";
import { INDEX_PEOPLE } from "./index-people.ts";

/** The job that builds the index: the one that is under way, or else the first one, which has ended or is not started yet. */
export async function indexJobOf(jobs: Pick<Jobs, "find" | "underWay">): Promise<Job | undefined> {
	return (await jobs.underWay(INDEX_PEOPLE)) ?? jobs.find(INDEX_JOB_ID);
}
