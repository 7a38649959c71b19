import { hostname } from "node:os";
import type { Clock } from "../../contract/clock.ts";
import type { Random } from "../../contract/random.ts";
import type { HostStorage } from "../../contract/storage.ts";
import { Duties } from "./duties.ts";
import { JobKinds } from "./job-kind.ts";
import { type JobPace, VisitorPace } from "./job-pace.ts";
import { JobRecords } from "./job-records.ts";
import { JobRunner } from "./job-runner.ts";
import { type JobTimers, systemTimers } from "./job-timers.ts";
import { Jobs } from "./jobs.ts";
import { Leases } from "./leases.ts";
import { Visitors } from "./visitors.ts";

export interface JobsOptions {
	/** The helpdesk's whole storage. */
	readonly storage: HostStorage;
	readonly clock: Clock;
	readonly random: Random;
	readonly logError: (what: string, error: unknown) => void;
	/** Names this node for operators. Left out: its host and its process, in no language. */
	readonly node?: string;
	/** Left out: those of the system. */
	readonly timers?: JobTimers;
	/** Left out: visitors come first. */
	readonly pace?: JobPace;
}

/** The background work of a helpdesk. Nothing is done before it is started, except what is driven. */
export interface BackgroundWork {
	readonly jobs: Jobs;
	readonly runner: JobRunner;
	readonly duties: Duties;
	/** Whom the work yields to. */
	readonly visitors: Visitors;
}

export function openJobs(options: JobsOptions): BackgroundWork {
	const { storage, clock, random, logError, timers = systemTimers } = options;
	const { node = `${hostname()} (${process.pid})` } = options;
	const kinds = new JobKinds();
	const records = new JobRecords(storage, clock, kinds, logError);
	const holder = `${node}, ${Buffer.from(random.bytes(8)).toString("hex")}`;
	const leases = new Leases(storage, clock, holder);
	const visitors = new Visitors(clock);
	const { pace = new VisitorPace(visitors, timers) } = options;
	const jobs = new Jobs({
		...{ storage, clock, random, kinds, records },
		onStart: () => runner.wake(),
	});
	const runner = new JobRunner({
		...{ jobs, leases, records, kinds, clock, node, pace, timers, logError },
	});
	const duties = new Duties({ storage, clock, leases, timers, logError });
	return { jobs, runner, duties, visitors };
}

/** Ends after the steps that are under way. Other nodes take over. */
export async function closeWork({ runner, duties }: BackgroundWork): Promise<void> {
	await Promise.all([runner.close(), duties.close()]);
}
