import type { StorageCommit, StorageValue } from "../../contract/storage.ts";
import { readEntry, type StoredKind } from "../../storage/stored-value.ts";
import { type Said, SaidError } from "../locale/said.ts";

/** A job can never succeed, say because what it works on is gone. It is not tried again, and nobody is offered to. */
export class CannotSucceedError extends SaidError {
	override readonly name = "CannotSucceedError";
}

/**
 * A kind of background work.
 *
 * `kill -9` may end a node at any moment, and another node then does the last step once more. So a step is one of two:
 * (A) all that it does is {@link StepEnd.commit}, which moves the position too; or (B) it may be done twice with the
 * same arguments and has its effect once. The docstring of each kind says which.
 *
 * A step is short, about 20 milliseconds, or rests as often, because visitors wait for it. Its commit has at most 394 keys, and no list that it
 * reads has more than 200 entries.
 */
export interface JobDefinition<Params extends StorageValue, Position extends StorageValue> {
	/** Stored with each job, so it never changes. */
	readonly type: string;
	/** Holds no secret: operators see jobs, and resealing does not look at them. */
	readonly params: StoredKind<Params>;
	readonly position: StoredKind<Position>;
	/** Of all jobs with the same name here, whatever their type, one at most has not ended. Undefined: any number. */
	readonly exclusive: (params: Params) => string | undefined;
	/** Where it begins, and about how many units it has. Reads only. */
	readonly begin: (
		params: Params,
	) => Promise<{ readonly position: Position; readonly total: number | null }>;
	/**
	 * Does one step.
	 *
	 * @throws StorageError to wait and do the same step again; CannotSucceedError to end the job at once. After any other error
	 * the step is tried three times in all; then the job has failed, and operators read the message.
	 */
	readonly step: (at: StepStart<Params, Position>) => Promise<StepEnd<Position>>;
	/** After a cancel: clears what must not stay. Idempotent. */
	readonly undo?: (params: Params, position: Position) => Promise<void>;
	/**
	 * Whether a cancel comes too late, because what is done must not stay as it is: then the job goes on to its end. Left out:
	 * never.
	 */
	readonly isTooLateToCancel?: (params: Params, position: Position) => Promise<boolean>;
	/**
	 * Whether a job that has failed may still come to its end, or what it works on is gone by now. Reads only. Left out: it may.
	 */
	readonly mayEndWell?: (params: Params, position: Position) => Promise<boolean>;
	/** For the administration: what it does ("Delete the links of Acorn"), and what is counted. */
	readonly words: (params: Params) => JobWords;
	/** What came out, for operators. Left out: the page says only how much is done. */
	readonly outcome?: (result: StorageValue) => Said | undefined;
	/** The file that operators can download; undefined while there is none. Left out: there never is. Reads only. */
	readonly file?: (result: StorageValue, params: Params) => Promise<JobFile | undefined>;
}

/** A file that a job has made. */
export interface JobFile {
	/** When it expires, in milliseconds since the epoch. */
	readonly until: number;
	/** False once it has expired or was deleted. */
	readonly isThere: boolean;
	/** What operators read then: why it is gone, and what to do. */
	readonly gone: Said;
}

/** What a job counts, by its name in code. */
export type JobUnit =
	| "links"
	| "links and e-mails"
	| "e-mails"
	| "rows"
	| "people"
	| "accounts"
	| "files"
	| "agreements"
	| "steps";

interface JobWords {
	readonly title: Said;
	readonly unit: JobUnit;
}

export interface StepStart<Params extends StorageValue, Position extends StorageValue> {
	readonly jobId: string;
	readonly params: Params;
	readonly position: Position;
	/** The last {@link StepEnd.result}. */
	readonly result: StorageValue | null;
	/** Waits for visitors, between parts of a step that cannot be short. */
	readonly rest: () => Promise<void>;
}

export interface StepEnd<Position extends StorageValue> {
	readonly position: Position;
	/** How many units are done by now, all steps together. */
	readonly done: number;
	/** Happens in the commit that moves the position. Its keys are those of the helpdesk's whole storage. */
	readonly commit?: StorageCommit;
	/** Left out: as before. */
	readonly total?: number;
	/** Left out: as before. */
	readonly result?: StorageValue;
	readonly isEnd: boolean;
}

/**
 * A kind of jobs that reads what is stored itself.
 *
 * Its functions throw an `UnreadableValueError` for parameters or a position that it cannot read.
 */
export interface JobKind {
	readonly type: string;
	/** Whether this version can read the job. If not, another version wrote it. */
	readonly reads: (params: StorageValue, position: StorageValue) => boolean;
	readonly exclusive: (params: StorageValue) => string | undefined;
	readonly begin: (
		params: StorageValue,
	) => Promise<{ readonly position: StorageValue; readonly total: number | null }>;
	/** Without `rest` nobody waits for the step, and it does not rest. */
	readonly step: (
		at: Omit<StepStart<StorageValue, StorageValue>, "rest"> &
			Partial<Pick<StepStart<StorageValue, StorageValue>, "rest">>,
	) => Promise<StepEnd<StorageValue>>;
	readonly undo: (params: StorageValue, position: StorageValue) => Promise<void>;
	readonly isTooLateToCancel: (params: StorageValue, position: StorageValue) => Promise<boolean>;
	readonly mayEndWell: (params: StorageValue, position: StorageValue) => Promise<boolean>;
	readonly words: (params: StorageValue) => JobWords;
	readonly outcome: (result: StorageValue) => Said | undefined;
	readonly file: (result: StorageValue, params: StorageValue) => Promise<JobFile | undefined>;
}

export function jobKind<Params extends StorageValue, Position extends StorageValue>(
	definition: JobDefinition<Params, Position>,
): JobKind {
	const { type, exclusive, begin, step, undo, words } = definition;
	const paramsIn = (value: StorageValue): Params => readEntry({ value }, definition.params);
	const positionIn = (value: StorageValue): Position => readEntry({ value }, definition.position);
	return {
		type,
		reads: (params, position) =>
			definition.params.read(params) !== undefined &&
			definition.position.read(position) !== undefined,
		exclusive: (params) => exclusive(paramsIn(params)),
		begin: async (params) => begin(paramsIn(params)),
		step: async ({ params, position, rest = async () => {}, ...at }) =>
			step({ ...at, rest, params: paramsIn(params), position: positionIn(position) }),
		undo: async (params, position) => undo?.(paramsIn(params), positionIn(position)),
		isTooLateToCancel: async (params, position) =>
			(await definition.isTooLateToCancel?.(paramsIn(params), positionIn(position))) ?? false,
		mayEndWell: async (params, position) =>
			(await definition.mayEndWell?.(paramsIn(params), positionIn(position))) ?? true,
		words: (params) => words(paramsIn(params)),
		outcome: (result) => definition.outcome?.(result),
		file: async (result, params) => definition.file?.(result, paramsIn(params)),
	};
}

/** The kinds that this node knows. A job of any other kind is left to the nodes that know it. */
export class JobKinds {
	private readonly byType = new Map<string, JobKind>();

	/** @throws Error for a type that there is already. */
	add(kind: JobKind): void {
		if (this.byType.has(kind.type)) {
			throw new Error(`two kinds of jobs have the type ${kind.type}`);
		}
		this.byType.set(kind.type, kind);
	}

	find(type: string): JobKind | undefined {
		return this.byType.get(type);
	}

	all(): readonly JobKind[] {
		return [...this.byType.values()];
	}
}
