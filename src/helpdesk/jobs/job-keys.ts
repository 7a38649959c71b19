import type { StorageCommit, StorageKey } from "../../contract/storage.ts";
import { NAMESPACES } from "../namespaces.ts";
import { hasEnded, type StoredJob } from "./stored-job.ts";

/** How long a job stays after its record was last written. Milliseconds. */
export const JOB_KEPT_MS = 30 * 24 * 60 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

/** Greater than every time, so that the later one comes first. */
const AFTER_ALL_TIMES = Number.MAX_SAFE_INTEGER;

type JobSet = NonNullable<StorageCommit["sets"]>[number];

export const OPEN_JOBS = inJobs("open");
export const NEWEST_JOBS = inJobs("newest");

export function jobKey(id: string): StorageKey {
	return inJobs("job", id);
}

/** The id of the job whose record has this key; undefined for any other key. */
export function jobIdIn(key: StorageKey): string | undefined {
	const place = inJobs("job");
	return key.length === place.length + 1 && place.every((part, index) => key[index] === part)
		? key.at(-1)
		: undefined;
}

export function openKey(id: string): StorageKey {
	return [...OPEN_JOBS, id];
}

function newestKey(id: string, createdAt: number): StorageKey {
	return [...NEWEST_JOBS, String(AFTER_ALL_TIMES - createdAt).padStart(16, "0"), id];
}

export function exclusiveKey(name: string): StorageKey {
	return inJobs("exclusive", name);
}

export function cancelKey(id: string): StorageKey {
	return inJobs("cancel", id);
}

export function leaseKey(name: string): StorageKey {
	return inJobs("lease", name);
}

export function dutyKey(name: string): StorageKey {
	return inJobs("duty", name);
}

export function jobSet(id: string, job: StoredJob): JobSet {
	return { key: jobKey(id), value: job, expiresAt: job.at + JOB_KEPT_MS };
}

/**
 * The keys that lead to a job. They live a day longer than its record, so that they need to be written once a day only.
 *
 * @param before when the record was written before; undefined: always.
 */
export function leadingSets(
	id: string,
	job: StoredJob,
	exclusive: string | undefined,
	before?: number,
): readonly JobSet[] {
	const { at, createdAt } = job;
	if (before !== undefined && dayOf(before) === dayOf(at)) {
		return [];
	}
	const expiresAt = at + JOB_KEPT_MS + DAY_MS;
	const newest = { key: newestKey(id, createdAt), value: null, expiresAt };
	if (hasEnded(job)) {
		return [newest];
	}
	const open = { key: openKey(id), value: null, expiresAt };
	return exclusive === undefined
		? [newest, open]
		: [newest, open, { key: exclusiveKey(exclusive), value: id, expiresAt }];
}

function dayOf(time: number): number {
	return Math.floor(time / DAY_MS);
}

function inJobs(...parts: readonly string[]): StorageKey {
	return [...NAMESPACES.jobs, ...parts];
}
