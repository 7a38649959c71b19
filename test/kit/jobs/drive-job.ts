import type { HostStorage, StorageValue } from "../../../src/contract/storage.ts";
import { jobKey } from "../../../src/helpdesk/jobs/job-keys.ts";
import type { JobKind } from "../../../src/helpdesk/jobs/job-kind.ts";
import {
	hasEnded,
	type Job,
	STORED_JOB,
	type StoredJob,
} from "../../../src/helpdesk/jobs/stored-job.ts";
import { readEntry } from "../../../src/storage/stored-value.ts";

/** More steps than any test's job has. */
const MOST_STEPS = 100_000;
const ID = "driven-job";

export interface DrivenOn {
	/** The helpdesk's whole storage. */
	readonly storage: HostStorage;
	/** The step with this number, from 0, is lost as by `kill -9`: it is done, but not its commit. Then it is done again. */
	readonly crashAfter?: number;
	/** Each step is lost once. */
	readonly twice?: boolean;
}

/**
 * Does a job from its start to its end without a runner.
 *
 * @throws what a step throws, or Error for a step whose commit never fits.
 */
export async function driveJob(
	kind: JobKind,
	params: StorageValue,
	{ storage, crashAfter, twice = false }: DrivenOn,
): Promise<Job> {
	const key = jobKey(ID);
	const { position, total } = await kind.begin(params);
	const job: StoredJob = {
		...{ type: kind.type, params, position, total, state: "running", by: "test", createdAt: 0 },
		...{
			startedAt: 0,
			endedAt: null,
			at: 0,
			done: 0,
			result: null,
			problem: null,
			problemSaid: null,
		},
		...{ tries: 0, isHopeless: false, node: null },
	};
	await storage.commit({ sets: [{ key, value: job }] });
	for (let index = 0; index < MOST_STEPS; index += 1) {
		if (twice || index === crashAfter) {
			await oneStep(kind, storage, true);
		}
		const moved = await oneStep(kind, storage, false);
		if (hasEnded(moved)) {
			return { ...moved, id: ID, isCancelling: false };
		}
	}
	throw new Error(`the job ${kind.type} has not ended after ${MOST_STEPS} steps`);
}

async function oneStep(kind: JobKind, storage: HostStorage, isLost: boolean): Promise<StoredJob> {
	const key = jobKey(ID);
	const entry = await storage.get(key);
	if (entry === undefined) {
		throw new Error("the job is gone");
	}
	const job = readEntry(entry, STORED_JOB);
	const { params, position, result } = job;
	const step = await kind.step({ jobId: ID, params, position, result });
	if (isLost) {
		return job;
	}
	const { checks = [], sets = [], deletes = [] } = step.commit ?? {};
	const moved: StoredJob = {
		...{ ...job, position: step.position, done: step.done, total: step.total ?? job.total },
		...{ result: step.result === undefined ? result : step.result },
		state: step.isEnd ? "done" : "running",
	};
	await storage.commit({
		checks: [{ key, version: entry.version }, ...checks],
		sets: [{ key, value: moved }, ...sets],
		deletes,
	});
	return readEntry((await storage.get(key)) ?? entry, STORED_JOB);
}
