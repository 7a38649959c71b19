import type { Clock } from "../../contract/clock.ts";
import type { Random } from "../../contract/random.ts";
import type { HostStorage, StorageCheck, StorageValue } from "../../contract/storage.ts";
import type { Said } from "../locale/said.ts";
import { exclusiveKey, jobKey, jobSet, leadingSets, NEWEST_JOBS } from "./job-keys.ts";
import type { JobFile, JobKinds, JobUnit } from "./job-kind.ts";
import { type JobRecords, MOST_OPEN } from "./job-records.ts";
import { hasEnded, type Job, type StoredJob } from "./stored-job.ts";

/** The jobs on one page of the list. */
const ON_A_PAGE = 25;
/** How often a start is tried again when another one came first. */
const TRIES = 5;

/**
 * `under-way`: there is such a job already, which has this id. `too-many`: as many as are allowed have not ended.
 */
export type JobStart =
	| { readonly kind: "started" | "under-way"; readonly id: string }
	| { readonly kind: "too-many" };

export interface NewJob {
	readonly type: string;
	readonly params: StorageValue;
	/** The e-mail address of the operator who starts it, or the name of what does. */
	readonly by: string;
	/**
	 * For a job that must exist once: as long as there is a record of it, in whatever state, it is not started again. Left
	 * out: an id of its own.
	 */
	readonly id?: string;
}

export interface JobsParts {
	/** The helpdesk's whole storage. */
	readonly storage: HostStorage;
	readonly clock: Clock;
	readonly random: Random;
	readonly kinds: JobKinds;
	readonly records: JobRecords;
	/** Called when there is a job to do. */
	readonly onStart: () => void;
}

/** What a job is about, in words for operators. */
export interface JobDescription {
	readonly title: Said;
	readonly unit: JobUnit;
	/** What came out; undefined: nothing to add. */
	readonly outcome: Said | undefined;
}

/** The background work of a helpdesk, as pages and commands see it. */
export class Jobs {
	constructor(private readonly parts: JobsParts) {}

	/**
	 * Starts a job. A node does it soon.
	 *
	 * @throws UnreadableValueError for parameters that are none of the kind, or Error for a type that this node does not know.
	 */
	async start({ type, params, by, id = this.newId() }: NewJob): Promise<JobStart> {
		const { storage, clock, kinds } = this.parts;
		const kind = kinds.find(type);
		if (kind === undefined) {
			throw new Error(`there is no kind of jobs with the type ${type}`);
		}
		const exclusive = kind.exclusive(params);
		return this.open(id, exclusive, async (checks) => {
			if ((await storage.get(jobKey(id))) !== undefined) {
				return { kind: "under-way", id };
			}
			const { position, total } = await kind.begin(params);
			const at = clock.now();
			const job: StoredJob = {
				...{ type, params, position, by, total, at, state: "waiting", createdAt: at },
				...{ startedAt: null, endedAt: null, done: 0, result: null },
				...{ problem: null, problemSaid: null, tries: 0, isHopeless: false, node: null },
			};
			return storage.commit({
				checks: [{ key: jobKey(id), version: null }, ...checks],
				sets: [jobSet(id, job), ...leadingSets(id, job, exclusive)],
			});
		});
	}

	async find(id: string): Promise<Job | undefined> {
		const { records } = this.parts;
		const [record, cancelledAt] = await Promise.all([records.read(id), records.cancelledAt(id)]);
		return record && { ...record.job, id, isCancelling: cancelledAt !== undefined };
	}

	/**
	 * A page of all jobs, the newest first.
	 *
	 * @throws TypeError for a text that is no cursor.
	 */
	async page(
		cursor?: string,
	): Promise<{ readonly jobs: readonly Job[]; readonly next: string | undefined }> {
		const page = await this.parts.storage.list(NEWEST_JOBS, {
			limit: ON_A_PAGE,
			...(cursor !== undefined && { cursor }),
		});
		const jobs: Job[] = [];
		for (const { key } of page.entries) {
			const job = await this.find(String(key.at(-1)));
			jobs.push(...(job === undefined ? [] : [job]));
		}
		return { jobs, next: page.cursor };
	}

	/** How many jobs have not ended. */
	async countOpen(): Promise<number> {
		return (await this.parts.records.open()).length;
	}

	/** The job of this name that has not ended, see `JobDefinition.exclusive`. */
	async underWay(exclusive: string): Promise<Job | undefined> {
		const { id } = await this.holderOf(exclusive);
		const job = id === undefined ? undefined : await this.find(id);
		return job === undefined || hasEnded(job) ? undefined : job;
	}

	/** A job of another version's is called by its type. */
	describe({ type, params, position, result }: StoredJob): JobDescription {
		const kind = this.parts.kinds.find(type);
		if (!kind?.reads(params, position)) {
			return { title: type, unit: "steps", outcome: undefined };
		}
		const outcome = result === null ? undefined : kind.outcome(result);
		return { ...kind.words(params), outcome };
	}

	/** The file that a job has made; undefined for none. */
	async fileOf({ type, params, position, result }: StoredJob): Promise<JobFile | undefined> {
		const kind = this.parts.kinds.find(type);
		return result === null || !kind?.reads(params, position)
			? undefined
			: kind.file(result, params);
	}

	/** Cancels a job that has not ended. The node that does it ends it after its step. */
	async cancel(id: string): Promise<void> {
		await this.parts.records.cancel(id);
		this.parts.onStart();
	}

	/** Whether another try of a job may help, on this node. */
	async canTryAgain({ type, params, position, state, isHopeless }: StoredJob): Promise<boolean> {
		const kind = this.parts.kinds.find(type);
		const isKnown = kind?.reads(params, position) === true;
		return (
			state === "failed" && !isHopeless && isKnown && (await kind.mayEndWell(params, position))
		);
	}

	/** The job under way because of which a job that has ended cannot go on, see `JobDefinition.exclusive`. */
	async inTheWayOf(job: StoredJob): Promise<Job | undefined> {
		const exclusive = this.parts.records.exclusiveOf(job);
		return exclusive === undefined ? undefined : this.underWay(exclusive);
	}

	/** Goes on with a job that has failed, where it failed. Any other job stays as it is. */
	async again(id: string): Promise<JobStart> {
		const { clock, records } = this.parts;
		const failed = await records.read(id);
		const exclusive = failed && records.exclusiveOf(failed.job);
		return this.open(id, exclusive, async (checks) => {
			const record = await records.read(id);
			if (record === undefined || !(await this.canTryAgain(record.job))) {
				return { kind: "under-way", id };
			}
			const at = clock.now();
			const job: StoredJob = { ...record.job, state: "waiting", at, endedAt: null, tries: 0 };
			return records.write(record, job, { checks });
		});
	}

	/**
	 * Opens a job, if there may be one more.
	 *
	 * @param write opens it in a commit with this check. False: something was written meanwhile, so all is looked at again.
	 * @throws Error when other writers always come first.
	 */
	private async open(
		id: string,
		exclusive: string | undefined,
		write: (checks: readonly StorageCheck[]) => Promise<boolean | JobStart>,
	): Promise<JobStart> {
		for (let tries = 0; tries < TRIES; tries += 1) {
			const holder = exclusive === undefined ? undefined : await this.holderOf(exclusive);
			const other = holder?.id === undefined ? undefined : await this.find(holder.id);
			if (other !== undefined && !hasEnded(other)) {
				return { kind: "under-way", id: other.id };
			}
			if ((await this.countOpen()) >= MOST_OPEN) {
				return { kind: "too-many" };
			}
			const written = await write(holder === undefined ? [] : [holder.check]);
			if (written === true) {
				this.parts.onStart();
				return { kind: "started", id };
			}
			if (written !== false) {
				return written;
			}
		}
		throw new Error(`the job ${id} was not started, because others were started meanwhile`);
	}

	private async holderOf(
		exclusive: string,
	): Promise<{ readonly id: string | undefined; readonly check: StorageCheck }> {
		const key = exclusiveKey(exclusive);
		const entry = await this.parts.storage.get(key);
		const id = typeof entry?.value === "string" ? entry.value : undefined;
		return { id, check: { key, version: entry?.version ?? null } };
	}

	/** Ids sort by the time of the start. */
	private newId(): string {
		const { clock, random } = this.parts;
		const time = String(clock.now()).padStart(16, "0");
		return `${time}-${Buffer.from(random.bytes(8)).toString("hex")}`;
	}
}
