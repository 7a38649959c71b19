import type { Clock } from "../../contract/clock.ts";
import { isStorageError, type StorageCommit } from "../../contract/storage.ts";
import { inEnglish, saidBy } from "../locale/said.ts";
import { storedMessage } from "../locale/stored-message.ts";
import { CannotSucceedError, type JobKind, type JobKinds } from "./job-kind.ts";
import type { JobRecord, JobRecords } from "./job-records.ts";
import { hasEnded, type JobState, type StoredJob } from "./stored-job.ts";

/** How often a step is tried that fails. */
const MOST_TRIES = 3;
/** Longer texts of errors are cut. */
const LONGEST_PROBLEM = 500;
/** How long a cancelled job waits for a node that knows its kind. Milliseconds. */
const UNKNOWN_KIND_MS = 60_000;

/**
 * `step`: the job has moved. `conflict`: something was written meanwhile, so nothing has happened. `problem`: the step
 * failed. `ended`: the job has ended. `unknown`: this node can do nothing with it.
 */
export type Moved = "step" | "conflict" | "problem" | "ended" | "unknown";

export interface HeldJobParts {
	readonly records: JobRecords;
	readonly kinds: JobKinds;
	readonly clock: Clock;
	/** Names this node for operators. */
	readonly node: string;
	readonly logError: (what: string, error: unknown) => void;
}

/**
 * Moves a job whose lease this node has. Each move is one commit with a check of the record's version: a node that was
 * paused, and whose lease another one has, cannot move it.
 */
export class HeldJob {
	constructor(
		private readonly id: string,
		private readonly parts: HeldJobParts,
	) {}

	/** Notes that this node does the job now. The node that did it before can write it no more. */
	async claim(): Promise<Moved> {
		const record = await this.read();
		if (record === undefined || hasEnded(record.job)) {
			return "ended";
		}
		const { clock, node } = this.parts;
		const startedAt = record.job.startedAt ?? clock.now();
		return this.kindOf(record.job) === undefined
			? this.move()
			: this.write(record, { state: "running", startedAt, node }, "step");
	}

	/**
	 * @param rest waits for visitors, between parts of a step.
	 * @throws StorageError
	 */
	async move(rest?: () => Promise<void>): Promise<Moved> {
		const { records, clock } = this.parts;
		const [record, cancelledAt] = await Promise.all([this.read(), records.cancelledAt(this.id)]);
		if (record === undefined || hasEnded(record.job)) {
			return "ended";
		}
		const kind = this.kindOf(record.job);
		if (kind === undefined) {
			const waits = cancelledAt === undefined || clock.now() < cancelledAt + UNKNOWN_KIND_MS;
			return waits ? "unknown" : this.end(record, "cancelled");
		}
		try {
			const { params, position } = record.job;
			const goesOn = cancelledAt === undefined || (await kind.isTooLateToCancel(params, position));
			return goesOn ? await this.step(record, kind, rest) : await this.undo(record, kind);
		} catch (error) {
			if (isStorageError(error)) {
				await this.noteWait(record, error);
				throw error;
			}
			return this.note(record, error);
		}
	}

	private async step(
		record: JobRecord,
		kind: JobKind,
		rest: (() => Promise<void>) | undefined,
	): Promise<Moved> {
		const { params, position, result, total } = record.job;
		const step = await kind.step({
			jobId: this.id,
			params,
			position,
			result,
			...(rest && { rest }),
		});
		const { commit, isEnd, done } = step;
		const moved = {
			...{ position: step.position, done, total: step.total ?? total },
			...{ result: step.result === undefined ? result : step.result },
			...{ problem: null, problemSaid: null, tries: 0 },
		};
		return isEnd
			? this.end(record, "done", moved, commit)
			: this.write(record, moved, "step", commit);
	}

	private async undo(record: JobRecord, kind: JobKind): Promise<Moved> {
		await kind.undo(record.job.params, record.job.position);
		return this.end(record, "cancelled");
	}

	/** Notes that a step failed. After three tries the job has failed, and at once where no other try helps. */
	private async note(record: JobRecord, error: unknown): Promise<Moved> {
		const { type, tries } = record.job;
		this.parts.logError(`a step of a job of the type ${type} failed`, error);
		const isHopeless = error instanceof CannotSucceedError;
		const noted = { ...problemIn(error), tries: tries + 1, isHopeless };
		return noted.tries < MOST_TRIES && !isHopeless
			? this.write(record, noted, "problem")
			: this.end(record, "failed", noted);
	}

	/** Notes why the job waits, if the storage takes it. Operators read it. */
	private async noteWait(record: JobRecord, error: unknown): Promise<void> {
		const noted = problemIn(error);
		if (noted.problem === record.job.problem) {
			return;
		}
		await this.write(record, noted, "problem").catch((cause: unknown) => {
			if (!isStorageError(cause)) {
				throw cause;
			}
		});
	}

	private end(
		record: JobRecord,
		state: JobState,
		changes: Partial<StoredJob> = {},
		commit?: StorageCommit,
	): Promise<Moved> {
		return this.write(
			record,
			{ ...changes, state, endedAt: this.parts.clock.now() },
			"ended",
			commit,
		);
	}

	private async write(
		record: JobRecord,
		changes: Partial<StoredJob>,
		moved: Moved,
		commit?: StorageCommit,
	): Promise<Moved> {
		const job = { ...record.job, ...changes, at: this.parts.clock.now() };
		return (await this.parts.records.write(record, job, commit)) ? moved : "conflict";
	}

	/** Undefined for a job of another version's. */
	private kindOf({ type, params, position }: StoredJob): JobKind | undefined {
		const kind = this.parts.kinds.find(type);
		return kind?.reads(params, position) ? kind : undefined;
	}

	/** A job whose record is gone has expired. */
	private async read(): Promise<JobRecord | undefined> {
		const record = await this.parts.records.read(this.id);
		if (record === undefined) {
			await this.parts.records.forget(this.id);
		}
		return record;
	}
}

function problemIn(error: unknown): Pick<StoredJob, "problem" | "problemSaid"> {
	const said = saidBy(error);
	return {
		problem: inEnglish(said).slice(0, LONGEST_PROBLEM),
		problemSaid: storedMessage(said),
	};
}
