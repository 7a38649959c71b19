import { setTimeout as wait } from "node:timers/promises";
import type { HostStorage } from "../../contract/storage.ts";
import { RETIRE_BRAND, retireBrand } from "../../helpdesk/add-ons/jobs/retire-brand.ts";
import { openJobs } from "../../helpdesk/jobs/open-jobs.ts";
import { hasEnded, type Job } from "../../helpdesk/jobs/stored-job.ts";
import { cryptoRandom } from "../../ports/crypto-random.ts";
import { systemClock } from "../../ports/system-clock.ts";
import { CommandError, reasonOf } from "../command-error.ts";
import { log, warn } from "./log-line.ts";

const BY = "brands remove";
/** How often it says how far it is. Milliseconds. */
const SAID_MS = 2_000;

/**
 * Starts the job that removes a brand and deletes its people, and waits while a node of the helpdesk does it. The job
 * goes on when the command ends before it.
 *
 * @returns the job once it is done.
 * @throws CommandError
 */
export async function retireBrandByJob(storage: HostStorage, brandId: string): Promise<Job> {
	const { jobs, runner } = openJobs({
		...{ storage, clock: systemClock, random: cryptoRandom, node: BY },
		logError: (what, error) => warn("brands.remove", `${what}: ${reasonOf(error)}`),
	});
	runner.register(
		retireBrand(() => {
			throw new Error("this command only starts the job");
		}),
	);
	const started = await jobs.start({ type: RETIRE_BRAND, params: { brandId }, by: BY });
	if (started.kind === "too-many") {
		throw new CommandError(
			"The helpdesk has too many jobs that wait; try again when some of them are done (the administration shows them under Jobs)",
		);
	}
	for (;;) {
		const job = await jobs.find(started.id);
		if (job === undefined || job.state === "cancelled") {
			throw new CommandError(
				"Somebody cancelled the job; what was deleted by then stays deleted, and brands list shows whether the brand is removed; the same command goes on",
			);
		}
		if (job.state === "failed") {
			throw new CommandError(`The job failed: ${job.problem ?? "the reason is not known"}`);
		}
		if (hasEnded(job)) {
			return job;
		}
		log(
			job.state === "waiting"
				? "The job waits for a helpdesk that runs. It is done even if this command ends before it."
				: `${job.done} people deleted so far`,
		);
		await wait(SAID_MS);
	}
}
