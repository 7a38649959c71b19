import type { StorageValue } from "../../contract/storage.ts";
import { fieldsOf, isTextOrNull, isTime, type StoredKind } from "../../storage/stored-value.ts";
import type { Message } from "../locale/locale.ts";
import { readMessage } from "../locale/stored-message.ts";

const STATES = ["waiting", "running", "done", "failed", "cancelled"] as const;

/** `waiting`: no node has begun it. `done`, `failed` and `cancelled` have ended. */
export type JobState = (typeof STATES)[number];

/** Times are milliseconds since the epoch. */
export type StoredJob = {
	/** The type of its kind, see `JobDefinition`. */
	readonly type: string;
	readonly params: StorageValue;
	/** How far it is, in its kind's own form. */
	readonly position: StorageValue;
	readonly state: JobState;
	/** The e-mail address of the operator who started it, or the name of what did. */
	readonly by: string;
	readonly createdAt: number;
	readonly startedAt: number | null;
	readonly endedAt: number | null;
	/** When its record was last written. */
	readonly at: number;
	/** How many of its units are done, see `JobDefinition.words`. */
	readonly done: number;
	/** About how many units there are; null: not known. */
	readonly total: number | null;
	/** What its kind keeps about the work. */
	readonly result: StorageValue | null;
	/** Why the last try of a step failed, or why the job waits where no try has failed; null after a step that did not. */
	readonly problem: string | null;
	/** The same for readers of any language; null where it is a program that says it, and in records of earlier versions. */
	readonly problemSaid: Message | null;
	/** How many tries of the step at this position have failed, one after the other. */
	readonly tries: number;
	/** Whether it has failed in a way that no other try helps. */
	readonly isHopeless: boolean;
	/** The node that does it, or did it last. */
	readonly node: string | null;
};

export interface Job extends StoredJob {
	readonly id: string;
	/** Somebody cancelled it, and no node has ended it yet. */
	readonly isCancelling: boolean;
}

export const STORED_JOB: StoredKind<StoredJob> = { name: "jobs/job", read: readJob };

export function hasEnded({ state }: Pick<StoredJob, "state">): boolean {
	return state === "done" || state === "failed" || state === "cancelled";
}

/** Keeps fields that a later version added. */
function readJob(value: StorageValue): StoredJob | undefined {
	const fields = fieldsOf(value);
	const { type, by, createdAt, at, done } = fields;
	const { params = null, position = null, result = null, problem = null, node = null } = fields;
	const { startedAt = null, endedAt = null, total = null, tries = 0, isHopeless = false } = fields;
	const state = STATES.find((each) => each === fields["state"]);
	return typeof type === "string" &&
		typeof by === "string" &&
		state !== undefined &&
		isTime(createdAt) &&
		isTime(at) &&
		isTimeOrNull(startedAt) &&
		isTimeOrNull(endedAt) &&
		typeof done === "number" &&
		(total === null || typeof total === "number") &&
		isTextOrNull(problem) &&
		isTextOrNull(node) &&
		typeof tries === "number" &&
		typeof isHopeless === "boolean"
		? {
				...{ ...fields, type, params, position, state, by, createdAt, startedAt, endedAt, at },
				...{ done, total, result, problem, tries, isHopeless, node },
				problemSaid: readMessage(fields["problemSaid"]) ?? null,
			}
		: undefined;
}

function isTimeOrNull(value: StorageValue): value is number | null {
	return value === null || isTime(value);
}
