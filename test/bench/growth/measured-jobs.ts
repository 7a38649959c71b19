import { setTimeout as after } from "node:timers/promises";
import type { StorageValue } from "../../../src/contract/storage.ts";
import type { MeasuredHelpdesk } from "./measured-helpdesk.ts";
import type { SteadyLogIns, Waits } from "./steady-log-ins.ts";

/** The cost of a job, and what visitors waited beside it. */
export interface JobCost {
	/** Its kind; `nothing`: the log-ins alone. */
	readonly job: string;
	/** Milliseconds. */
	readonly duration: number;
	readonly steps: number;
	/** Milliseconds. */
	readonly longestStep: number;
	/** Of the whole helpdesk, with the log-ins beside the job. */
	readonly commits: number;
	/** How many of what the job counts it did. */
	readonly done: number;
	readonly waits: Waits;
	/** The most resident memory beyond the start. Bytes. */
	readonly residentBytes: number;
	/** Whether it was cancelled after the longest time, so that the figures are those of its first part. */
	readonly isCut: boolean;
	/** What came of the job, where it was not done. */
	readonly problem?: string;
}

/** A job that is started in the process of the helpdesk. */
export interface StartedJob {
	readonly job: string;
	/** @returns the id of the job. */
	readonly start: () => Promise<string>;
}

/** How long a job and the log-ins beside it are measured. Seconds. */
export interface MeasuredTime {
	/** At least. */
	readonly seconds: number;
	/** At most; undefined: until the job ends. */
	readonly longest: number | undefined;
}

const LOOK_MS = 200;
const ENDED: readonly string[] = ["done", "failed", "cancelled"];

/** A job that needs nothing but its parameters. */
export function plainJob(
	helpdesk: MeasuredHelpdesk,
	job: string,
	params: StorageValue = {},
): StartedJob {
	return { job, start: () => helpdesk.call("startJob", job, params) };
}

/** Log-ins without a job beside them. */
export async function measureQuiet(
	helpdesk: MeasuredHelpdesk,
	logIns: SteadyLogIns,
	seconds: number,
): Promise<JobCost> {
	await helpdesk.call("costs");
	const { waits } = await logIns.during(async () => {}, seconds);
	const { commits, residentBytes } = await helpdesk.call("costs");
	const nothing = { duration: seconds * 1000, steps: 0, longestStep: 0, done: 0, isCut: false };
	return { job: "nothing", ...nothing, commits, waits, residentBytes };
}

/** A job from its start to its end or the longest time, with log-ins beside it. */
export async function measureJob(
	helpdesk: MeasuredHelpdesk,
	{ job, start }: StartedJob,
	logIns: SteadyLogIns,
	{ seconds, longest }: MeasuredTime,
): Promise<JobCost> {
	await helpdesk.call("costs");
	const began = performance.now();
	const { waits, result } = await logIns.during(async () => {
		const end = await endOf(helpdesk, start, longest).catch((error: unknown) => ({
			...{ done: 0, state: "failed", problem: String(error) as string | null },
			...{ startedAt: null, endedAt: null, isCut: false },
		}));
		// A job that the helpdesk starts itself has begun before.
		const ran = (end.endedAt ?? 0) - (end.startedAt ?? 0);
		return { ...end, duration: ran > 0 ? ran : performance.now() - began };
	}, seconds);
	const { commits, residentBytes, steps } = await helpdesk.call("costs");
	const { done, state, problem, duration, isCut } = result;
	return {
		...{ job, duration, steps: steps.length, longestStep: Math.max(0, ...steps) },
		...{ commits, done, waits, residentBytes, isCut },
		...(!isCut && state !== "done" && { problem: `${state}: ${problem}` }),
	};
}

async function endOf(
	helpdesk: MeasuredHelpdesk,
	start: StartedJob["start"],
	longest: number | undefined,
) {
	const id = await start();
	const endsAt =
		longest === undefined ? Number.POSITIVE_INFINITY : performance.now() + longest * 1000;
	let isCut = false;
	for (;;) {
		const job = await helpdesk.call("job", id);
		if (job === undefined || ENDED.includes(job.state)) {
			const {
				done = 0,
				state = "gone",
				problem = null,
				startedAt = null,
				endedAt = null,
			} = job ?? {};
			return { done, state, problem, startedAt, endedAt, isCut };
		}
		if (!isCut && performance.now() > endsAt) {
			isCut = true;
			await helpdesk.call("cancel", id);
		}
		await after(LOOK_MS);
	}
}
