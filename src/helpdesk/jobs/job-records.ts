import type { Clock } from "../../contract/clock.ts";
import type { HostStorage, StorageCommit, StorageKey } from "../../contract/storage.ts";
import {
	fieldsOf,
	isTime,
	readOrReport,
	type UnreadableValueError,
} from "../../storage/stored-value.ts";
import {
	cancelKey,
	exclusiveKey,
	JOB_KEPT_MS,
	jobKey,
	jobSet,
	leadingSets,
	OPEN_JOBS,
	openKey,
} from "./job-keys.ts";
import type { JobKinds } from "./job-kind.ts";
import { hasEnded, STORED_JOB, type StoredJob } from "./stored-job.ts";

/** The most jobs that have not ended. */
export const MOST_OPEN = 100;

/** A job as it was read. */
export interface JobRecord {
	readonly id: string;
	readonly job: StoredJob;
	readonly version: string;
}

/** The records of jobs, and the keys that lead to them. */
export class JobRecords {
	private readonly reported = new Set<string>();

	/**
	 * @param storage the helpdesk's whole storage.
	 * @param report called for records that cannot be read and are left out.
	 */
	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
		private readonly kinds: JobKinds,
		private readonly report: (what: string, error: unknown) => void,
	) {}

	/** @returns undefined too for a record that this version cannot read. */
	async read(id: string): Promise<JobRecord | undefined> {
		const entry = await this.storage.get(jobKey(id));
		const job = entry && readOrReport(entry, STORED_JOB, (error) => this.reportOnce(id, error));
		return entry && job && { id, job, version: entry.version };
	}

	/** The ids of the jobs that have not ended, the oldest first, at most {@link MOST_OPEN}. */
	async open(): Promise<readonly string[]> {
		const { entries } = await this.storage.list(OPEN_JOBS, { limit: MOST_OPEN });
		return entries.map(({ key }) => String(key.at(-1))).sort();
	}

	/** When somebody cancelled a job that has not ended. Milliseconds since the epoch. */
	async cancelledAt(id: string): Promise<number | undefined> {
		const entry = await this.storage.get(cancelKey(id));
		const { at } = fieldsOf(entry?.value);
		return entry && (isTime(at) ? at : 0);
	}

	/** Notes that a job is to be cancelled, under a key of its own, so that it never waits for a step. */
	async cancel(id: string): Promise<void> {
		const key = openKey(id);
		const open = await this.storage.get(key);
		if (open !== undefined) {
			const at = this.clock.now();
			const note = { key: cancelKey(id), value: { at }, expiresAt: at + JOB_KEPT_MS };
			// A job that has ended meanwhile is not open, so no note outlives it.
			await this.storage.commit({ checks: [{ key, version: open.version }], sets: [note] });
		}
	}

	/**
	 * Writes a job that was read, if nobody else has written it since.
	 *
	 * @param also happens in the same commit.
	 * @returns false when nothing was written.
	 */
	write(
		{ id, job: before, version }: JobRecord,
		job: StoredJob,
		{ checks = [], sets = [], deletes = [] }: StorageCommit = {},
	): Promise<boolean> {
		const isTurned = hasEnded(job) !== hasEnded(before);
		const exclusive = this.exclusiveOf(job);
		return this.storage.commit({
			checks: [{ key: jobKey(id), version }, ...checks],
			sets: [
				jobSet(id, job),
				...leadingSets(id, job, exclusive, isTurned ? undefined : before.at),
				...sets,
			],
			deletes: [...(hasEnded(job) ? openKeys(id, exclusive) : []), ...deletes],
		});
	}

	/** Deletes what leads to a job whose record is gone. */
	async forget(id: string): Promise<void> {
		await this.storage.commit({
			checks: [{ key: jobKey(id), version: null }],
			deletes: [openKey(id), cancelKey(id)],
		});
	}

	/** Undefined too for a kind that this node does not know: then the key ends with the job, by its expiry. */
	exclusiveOf({ type, params }: Pick<StoredJob, "type" | "params">): string | undefined {
		try {
			return this.kinds.find(type)?.exclusive(params);
		} catch {
			return undefined;
		}
	}

	/** The same job is read every few seconds. */
	private reportOnce(id: string, error: UnreadableValueError): void {
		if (!this.reported.has(id)) {
			this.reported.add(id);
			this.report("a job cannot be read", error);
		}
	}
}

/** The keys of a job that has not ended. */
function openKeys(id: string, exclusive: string | undefined): readonly StorageKey[] {
	return [
		openKey(id),
		cancelKey(id),
		...(exclusive === undefined ? [] : [exclusiveKey(exclusive)]),
	];
}
