import { isDeepStrictEqual } from "node:util";
import { isStorageError, type StorageValue } from "../../../../contract/storage.ts";
import type { JobRunner } from "../../../jobs/job-runner.ts";
import type { Jobs } from "../../../jobs/jobs.ts";
import type { Job } from "../../../jobs/stored-job.ts";
import type { AdminContext } from "../admin-pages.ts";
import { withQuery } from "../list-pager.ts";
import { operatorOf } from "../operator-area.ts";
import { ADMIN_PATHS, jobPaths } from "../paths.ts";

/** How long a request waits for its job, so that a small one looks as if it were none. Milliseconds. */
const WAITS_MS = 1_500;

export interface JobStarters {
	readonly jobs: Jobs;
	readonly runner: JobRunner;
}

/**
 * Starts a job for the operator of the request, and waits a moment.
 *
 * @param instead what the operator gets while another job of the same name is under way. Left out: the page of that job, which
 * says that nothing was started.
 * @returns the job that is done; otherwise what the operator gets: the page of the job, or the list when too many are open.
 * Also while the job waits for the storage, or for room for its letters.
 * @throws StorageError when it was not started.
 */
export async function startJob(
	c: AdminContext,
	{ jobs, runner }: JobStarters,
	type: string,
	params: StorageValue,
	instead?: () => Promise<Response>,
): Promise<Job | Response> {
	const started = await jobs.start({ type, params, by: operatorOf(c) });
	if (started.kind === "too-many") {
		return c.redirect(withQuery(ADMIN_PATHS.jobs, { notice: "too-many" }), 303);
	}
	const { job: page } = jobPaths(started.id);
	if (started.kind === "under-way") {
		const other = await jobs.find(started.id);
		const isSame = other?.type === type && isDeepStrictEqual(other.params, params);
		return isSame || instead === undefined
			? c.redirect(withQuery(page, { notice: isSame ? "under-way" : "other" }), 303)
			: instead();
	}
	const job = await driveAMoment(runner, started.id);
	return job?.state === "done" ? job : c.redirect(page, 303);
}

/** Waits a moment for a job, so that its page shows the end of a short one. */
export async function waitAMoment({ runner }: JobStarters, id: string): Promise<void> {
	await driveAMoment(runner, id);
}

/** @returns undefined also for a job that waits. The node goes on with it by itself. */
async function driveAMoment(runner: JobRunner, id: string): Promise<Job | undefined> {
	try {
		return await runner.drive(id, WAITS_MS);
	} catch (error) {
		if (!isStorageError(error)) {
			throw error;
		}
		return undefined;
	}
}
