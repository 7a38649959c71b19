import type { StorageCommit, StorageValue } from "../../../contract/storage.ts";
import { fieldsOf, type StoredKind } from "../../../storage/stored-value.ts";
import { type JobDefinition, type JobKind, jobKind } from "../../jobs/job-kind.ts";
import { SaidError } from "../../locale/said.ts";

/** What a step of a task has done. */
export interface TaskStep {
	/** Where the task goes on; undefined: it is done. */
	readonly next: string | undefined;
	/** How many units the step has done. Left out: none. */
	readonly units?: number;
	/** How many letters it has written. Left out: none. */
	readonly letters?: number;
	/** Happens in the commit that moves the position. Its keys are those of the helpdesk's whole storage. */
	readonly commit?: StorageCommit;
}

/** One of several things that a job does one after the other. */
export interface Task {
	/** Stored with the job, and different from the names of its other tasks. */
	readonly name: string;
	/** @param from where the last step stopped; undefined for the first one. */
	readonly step: (from: string | undefined) => Promise<TaskStep>;
}

type TaskPosition = {
	readonly task: string;
	readonly from: string | null;
	readonly done: number;
};

type TaskListDefinition<Params extends StorageValue> = Pick<
	JobDefinition<Params, TaskPosition>,
	"type" | "params" | "exclusive" | "words"
> & {
	/** At least one, in their order, and the same ones whenever it is asked. */
	readonly tasks: (params: Params) => readonly Task[];
	/** About how many units there are. Reads only. */
	readonly total: (params: Params) => Promise<number | null>;
	/** See `JobDefinition.isTooLateToCancel`. */
	readonly isTooLateToCancel?: (params: Params, task: string) => Promise<boolean>;
	/** See `JobDefinition.undo`. */
	readonly undo?: (params: Params) => Promise<void>;
};

const POSITION: StoredKind<TaskPosition> = {
	name: "jobs/job",
	read: (value) => {
		const { task, from = null, done } = fieldsOf(value);
		return typeof task === "string" &&
			(from === null || typeof from === "string") &&
			typeof done === "number"
			? { task, from, done }
			: undefined;
	},
};

/** A kind of jobs that does one task after the other. */
export function taskListKind<Params extends StorageValue>({
	tasks,
	total,
	isTooLateToCancel = async () => false,
	...definition
}: TaskListDefinition<Params>): JobKind {
	return jobKind<Params, TaskPosition>({
		...definition,
		position: POSITION,
		begin: async (params) => ({
			position: { task: tasks(params)[0]?.name ?? "", from: null, done: 0 },
			total: await total(params),
		}),
		isTooLateToCancel: (params, { task }) => isTooLateToCancel(params, task),
		step: async ({ params, position, result }) => {
			const all = tasks(params);
			const index = all.findIndex(({ name }) => name === position.task);
			const task = all[index];
			if (task === undefined) {
				throw new SaidError({
					key: "add-on-job.unknown-task",
					values: { task: position.task },
				});
			}
			const { next, units = 0, letters = 0, commit } = await task.step(position.from ?? undefined);
			const done = position.done + units;
			const following = next === undefined ? all[index + 1] : task;
			return {
				position: { task: following?.name ?? task.name, from: next ?? null, done },
				done,
				result: { letters: lettersIn(result) + letters },
				isEnd: following === undefined,
				...(commit !== undefined && { commit }),
			};
		},
		outcome: (result) => {
			const letters = lettersIn(result);
			return letters === 0
				? undefined
				: { key: "add-on-job.letters-written", values: { count: letters } };
		},
	});
}

/** How many letters a job of such a kind has written. */
export function lettersIn(result: StorageValue | null): number {
	const { letters } = fieldsOf(result ?? {});
	return typeof letters === "number" ? letters : 0;
}

/** A task of one step. */
export function once(name: string, work: () => Promise<void>): Task {
	return {
		name,
		step: async () => {
			await work();
			return { next: undefined };
		},
	};
}
