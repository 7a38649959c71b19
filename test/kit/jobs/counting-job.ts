import type { HostStorage, StorageValue } from "../../../src/contract/storage.ts";
import { type JobKind, jobKind, type StepEnd } from "../../../src/helpdesk/jobs/job-kind.ts";
import type { StoredKind } from "../../../src/storage/stored-value.ts";

type Params = {
	/** How many steps it has. */
	readonly to: number;
	readonly exclusive?: string;
};

const PARAMS: StoredKind<Params> = {
	name: "jobs/counting",
	read: (value) => (typeof value === "object" && value !== null ? (value as Params) : undefined),
};

const POSITION: StoredKind<number> = {
	name: "jobs/counting-position",
	read: (value) => (typeof value === "number" ? value : undefined),
};

/** Where the effects of the steps lie: how often each was done. */
export const COUNTED = ["counted"] as const;

export interface CountingJob {
	readonly kind: JobKind;
	/** The positions at which steps began, in their order. */
	readonly begun: number[];
	/** How often it was undone. */
	undone: number;
	/** Called in each step, before its commit. */
	during: (position: number) => void | Promise<void>;
	/** What a step at this position reports besides its count. */
	end: (position: number) => Partial<StepEnd<number>>;
}

/** A kind of jobs whose steps count how often each of them has taken effect. */
export function countingJob(storage: HostStorage, type = "counting"): CountingJob {
	const job: CountingJob = {
		begun: [],
		undone: 0,
		during: () => {},
		end: () => ({}),
		kind: jobKind<Params, number>({
			type,
			params: PARAMS,
			position: POSITION,
			exclusive: ({ exclusive }) => exclusive,
			begin: async ({ to }) => ({ position: 0, total: to }),
			step: async ({ params: { to }, position }) => {
				job.begun.push(position);
				const key = [...COUNTED, type, String(position)];
				const times = ((await storage.get(key))?.value as number | undefined) ?? 0;
				await job.during(position);
				const commit = { sets: [{ key, value: times + 1 }] };
				const done = position + 1;
				return { position: done, done, isEnd: done === to, commit, ...job.end(position) };
			},
			undo: async () => {
				job.undone += 1;
			},
			words: ({ to }) => ({ title: `Count to ${to}`, unit: "steps" }),
		}),
	};
	return job;
}

/** How often each step of a {@link countingJob} has taken effect, in the order of the steps. */
export async function countedIn(
	storage: HostStorage,
	steps: number,
	type = "counting",
): Promise<readonly StorageValue[]> {
	const counted: StorageValue[] = [];
	for (let step = 0; step < steps; step += 1) {
		counted.push((await storage.get([...COUNTED, type, String(step)]))?.value ?? 0);
	}
	return counted;
}
