import type { Clock } from "../../contract/clock.ts";
import { isStorageError } from "../../contract/storage.ts";
import { HeldJob, type HeldJobParts, type Moved } from "./held-job.ts";
import type { JobKind } from "./job-kind.ts";
import type { JobPace } from "./job-pace.ts";
import type { JobTimers } from "./job-timers.ts";
import type { Jobs } from "./jobs.ts";
import type { Leases } from "./leases.ts";
import { hasEnded, type Job } from "./stored-job.ts";

/** How often a node looks for jobs. Milliseconds. */
const ROUND_MS = 5_000;
/** How long a node does one job before it looks whether another one waits. Milliseconds. */
const SLICE_MS = 10_000;
/** How often a lease is renewed. Milliseconds. */
const BEAT_MS = 5_000;
/** A step that takes longer keeps its lease no more, so that another node repeats it. Milliseconds. */
const LONGEST_STEP_MS = 5 * 60_000;
/** How often {@link JobRunner.drive} looks at a job that another node does. Milliseconds. */
const LOOK_MS = 50;
/** The waits while the storage does not answer: each failure doubles them. Milliseconds. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

export interface JobRunnerParts extends HeldJobParts {
	readonly jobs: Jobs;
	readonly leases: Leases;
	readonly clock: Clock;
	readonly pace: JobPace;
	readonly timers: JobTimers;
}

/** A job that waits, because the storage did not answer at its last step. */
interface Wait {
	readonly failures: number;
	readonly until: number;
}

/**
 * Does the jobs of a helpdesk, one at a time on each node. The others take over what a node leaves behind: at once when it
 * closes, and when its lease is over when it is gone.
 */
export class JobRunner {
	private readonly waits = new Map<string, Wait>();
	private readonly closing = new AbortController();
	/** What ends each call of {@link drive}, and whether it has ended. */
	private readonly driven = new Map<AbortController, Promise<void>>();
	private sleeping = new AbortController();
	private isAwake = false;
	private loop: Promise<void> | undefined;

	constructor(private readonly parts: JobRunnerParts) {}

	/** @throws Error for a type that there is already. */
	register(...kinds: readonly JobKind[]): void {
		for (const kind of kinds) {
			this.parts.kinds.add(kind);
		}
	}

	/** The kinds that this node knows. */
	kinds(): readonly JobKind[] {
		return this.parts.kinds.all();
	}

	start(): void {
		this.loop ??= this.run();
	}

	/** Looks for jobs at once. */
	wake(): void {
		this.isAwake = true;
		this.sleeping.abort();
	}

	/** Ends after the step, and lets go of the lease. */
	async close(): Promise<void> {
		this.closing.abort();
		this.wake();
		for (const over of this.driven.keys()) {
			over.abort();
		}
		await Promise.all([this.loop, ...this.driven.values()]);
	}

	/**
	 * Does steps of a job here for so long, if no other node has it. If one has, it waits for so long that the job ends.
	 *
	 * @returns the job as it is then; undefined for none.
	 * @throws StorageError
	 */
	async drive(id: string, withinMs: number): Promise<Job | undefined> {
		const over = new AbortController();
		void this.parts.timers.after(withinMs, over.signal).then(() => over.abort());
		const driving = this.driveUntil(id, over.signal);
		const settled = driving.catch(() => undefined);
		this.driven.set(over, settled);
		try {
			await driving;
		} finally {
			over.abort();
			this.driven.delete(over);
			this.wake();
		}
		return this.parts.jobs.find(id);
	}

	private async driveUntil(id: string, over: AbortSignal): Promise<void> {
		const { jobs, timers } = this.parts;
		while (!over.aborted) {
			const moved = await this.holding(id, (held) => this.work(held, over));
			if (moved !== undefined && moved !== "conflict") {
				return;
			}
			const job = await jobs.find(id);
			if (job === undefined || hasEnded(job)) {
				return;
			}
			await timers.after(LOOK_MS, over);
		}
	}

	private async run(): Promise<void> {
		const { timers, logError } = this.parts;
		let failures = 0;
		while (!this.closing.signal.aborted) {
			this.isAwake = false;
			this.sleeping = new AbortController();
			let wait = ROUND_MS;
			try {
				wait = (await this.round()) ? 0 : ROUND_MS;
				failures = 0;
			} catch (error) {
				failures += 1;
				wait = waitAfter(failures);
				logError("the jobs wait", error);
			}
			if (!this.isAwake && wait > 0) {
				await timers.after(wait, this.sleeping.signal);
			}
		}
	}

	/** Works at each open job for a while. @returns whether any was moved. */
	private async round(): Promise<boolean> {
		const open = await this.parts.records.open();
		let hasMoved = false;
		for (const id of open) {
			if (this.closing.signal.aborted) {
				break;
			}
			hasMoved = (await this.slice(id)) || hasMoved;
		}
		for (const id of this.waits.keys()) {
			if (!open.includes(id)) {
				this.waits.delete(id);
			}
		}
		return hasMoved;
	}

	/** @returns whether the job was moved as long as it may be, so that more of it is to do. */
	private async slice(id: string): Promise<boolean> {
		const { clock, logError } = this.parts;
		const wait = this.waits.get(id);
		if (wait !== undefined && clock.now() < wait.until) {
			return false;
		}
		const endsAt = clock.now() + SLICE_MS;
		try {
			const moved = await this.holding(id, (held) =>
				this.work(held, this.closing.signal, () => clock.now() >= endsAt),
			);
			this.waits.delete(id);
			return moved === "step";
		} catch (error) {
			const failures = (wait?.failures ?? 0) + 1;
			this.waits.set(id, { failures, until: clock.now() + waitAfter(failures) });
			if (failures === 1) {
				logError("a job waits", error);
			}
			return false;
		}
	}

	/** Does steps until the job ends or fails, or it is time to stop. */
	private async work(
		held: LeasedJob,
		over: AbortSignal,
		isOver: () => boolean = () => false,
	): Promise<Moved> {
		const { clock, pace } = this.parts;
		let moved = await held.step(() => held.job.claim());
		while ((moved === "step" || moved === "conflict") && !over.aborted && !isOver()) {
			if (moved === "conflict" && !(await held.isOurs())) {
				return moved;
			}
			let startedAt = clock.now();
			const rest = async (): Promise<void> => {
				await pace.after(clock.now() - startedAt);
				startedAt = clock.now();
			};
			moved = await held.step(() => held.job.move(rest));
			await rest();
		}
		return moved;
	}

	/** @returns undefined when another node has the job. */
	private async holding(
		id: string,
		work: (held: LeasedJob) => Promise<Moved>,
	): Promise<Moved | undefined> {
		const { leases } = this.parts;
		if (!(await leases.take(id))) {
			return undefined;
		}
		const held = new LeasedJob(id, new HeldJob(id, this.parts), this.parts);
		try {
			return await work(held);
		} finally {
			await held.end();
			// What cannot be dropped now is over in a while.
			await leases.drop(id).catch((error: unknown) => {
				if (!isStorageError(error)) {
					throw error;
				}
			});
		}
	}
}

/** A job with its lease, which is renewed until the end. */
class LeasedJob {
	private readonly over = new AbortController();
	private readonly beating: Promise<void>;
	private stepStartedAt: number | undefined;

	constructor(
		private readonly id: string,
		readonly job: HeldJob,
		private readonly parts: Pick<JobRunnerParts, "clock" | "leases" | "timers">,
	) {
		this.beating = this.beat();
	}

	async step(work: () => Promise<Moved>): Promise<Moved> {
		this.stepStartedAt = this.parts.clock.now();
		try {
			return await work();
		} finally {
			this.stepStartedAt = undefined;
		}
	}

	isOurs(): Promise<boolean> {
		return this.parts.leases.holds(this.id);
	}

	/** Ends when the last renewal has: one that comes after the lease is dropped would keep it. */
	async end(): Promise<void> {
		this.over.abort();
		await this.beating;
	}

	private async beat(): Promise<void> {
		const { clock, leases, timers } = this.parts;
		const { signal } = this.over;
		await timers.after(BEAT_MS, signal);
		while (!signal.aborted) {
			const isStuck =
				this.stepStartedAt !== undefined && clock.now() - this.stepStartedAt > LONGEST_STEP_MS;
			// The storage may be away. The next beat tries once more.
			if (!isStuck) {
				await leases.renew(this.id).catch(() => undefined);
			}
			await timers.after(BEAT_MS, signal);
		}
	}
}

/** @param failures how often the storage has not answered, one after the other. */
function waitAfter(failures: number): number {
	return Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS);
}
