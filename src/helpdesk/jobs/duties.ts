import type { Clock } from "../../contract/clock.ts";
import type { HostStorage } from "../../contract/storage.ts";
import { fieldsOf, isTime, type StoredKind } from "../../storage/stored-value.ts";
import type { Message } from "../locale/locale.ts";
import { inEnglish, type Said, saidBy } from "../locale/said.ts";
import { readMessage, saidAgain, storedMessage } from "../locale/stored-message.ts";
import { dutyKey, JOB_KEPT_MS } from "./job-keys.ts";
import type { JobTimers } from "./job-timers.ts";
import type { Leases } from "./leases.ts";

/** How often a node looks for duties. Milliseconds. */
const ROUND_MS = 10_000;
/** How long a node waits with a duty that is asked for, so that it is done once for many. Milliseconds. */
const SOON_MS = 200;
/** What a duty that comes up more often did is noted once in this time. Milliseconds. */
const NOTED_MS = 60_000;
const LEASE = "duties";

/** Work that comes up again and again, on one node at a time. */
export interface Duty {
	/** For operators and for the storage, so it never changes. */
	readonly name: string;
	/** Milliseconds. */
	readonly everyMs: number;
	/** Does what there is to do, a bounded amount of it. @returns what it did; undefined for nothing. */
	readonly run: () => Promise<Message | undefined>;
}

/** What became of a duty, on whatever node. */
export interface DutyState {
	readonly name: string;
	/** When it was last noted. Milliseconds since the epoch; undefined: not in the last 30 days. */
	readonly at: number | undefined;
	/** What it did last. */
	readonly said: Said | undefined;
	/** Why it failed when it was last noted. */
	readonly problem: Said | undefined;
}

type StoredDuty = {
	readonly at: number;
	/** In English. */
	readonly said: string | null;
	/** The same for readers of any language; null where there is none, and in records of earlier versions. */
	readonly message: Message | null;
	/** In English. */
	readonly problem: string | null;
	/** The same for readers of any language, as `message`. */
	readonly problemSaid: Message | null;
};

export interface DutiesParts {
	/** The helpdesk's whole storage. */
	readonly storage: HostStorage;
	readonly clock: Clock;
	readonly leases: Leases;
	readonly timers: JobTimers;
	readonly logError: (what: string, error: unknown) => void;
}

/** Does the duties on the one node that has their lease. */
export class Duties {
	private readonly duties: Duty[] = [];
	/** When this node last did a duty, by its name. */
	private readonly doneAt = new Map<string, number>();
	private readonly asked = new Set<string>();
	private readonly closing = new AbortController();
	private isHeld = false;
	private loop: Promise<void> | undefined;
	/** Duties are done one after the other. */
	private last: Promise<unknown> = Promise.resolve();

	constructor(private readonly parts: DutiesParts) {}

	register(...duties: readonly Duty[]): void {
		this.duties.push(...duties);
	}

	start(): void {
		this.loop ??= this.run();
	}

	/** Does a duty in a moment, if this node is the one that does duties. */
	soon(name: string): void {
		if (this.asked.has(name)) {
			return;
		}
		this.asked.add(name);
		void this.parts.timers.after(SOON_MS, this.closing.signal).then(() => {
			this.asked.delete(name);
			const duty = this.duties.find((each) => each.name === name);
			if (duty !== undefined && this.isHeld && !this.closing.signal.aborted) {
				void this.inTurn(() => this.perform(duty));
			}
		});
	}

	/** Does the duties that are due, if no other node does them. */
	async round(): Promise<void> {
		this.isHeld = this.duties.length > 0 && (await this.hold());
		for (const duty of this.isHeld ? this.duties : []) {
			if (!this.closing.signal.aborted && (await this.isDue(duty))) {
				await this.inTurn(() => this.perform(duty));
			}
		}
	}

	/** @throws StorageError */
	async states(): Promise<readonly DutyState[]> {
		const states: DutyState[] = [];
		for (const { name } of this.duties) {
			const stored = await this.stored(name);
			const { said = null, message = null, problem = null, problemSaid = null } = stored ?? {};
			states.push({
				...{ name, at: stored?.at },
				said: said === null ? undefined : saidAgain(message, said),
				problem: problem === null ? undefined : saidAgain(problemSaid, problem),
			});
		}
		return states;
	}

	/** Ends after the duty, and lets go of the lease. */
	async close(): Promise<void> {
		this.closing.abort();
		await this.loop;
		await this.last;
		if (this.isHeld) {
			// What cannot be dropped now is over in a while.
			await this.parts.leases.drop(LEASE).catch(() => undefined);
		}
	}

	private async run(): Promise<void> {
		const { timers, logError } = this.parts;
		while (!this.closing.signal.aborted) {
			try {
				await this.round();
			} catch (error) {
				logError("the duties wait", error);
			}
			await timers.after(ROUND_MS, this.closing.signal);
		}
	}

	private async hold(): Promise<boolean> {
		const { leases } = this.parts;
		return (this.isHeld && (await leases.renew(LEASE))) || leases.take(LEASE);
	}

	/** Another node may have done a rare duty, before it was gone or while this one was not there. */
	private async isDue({ name, everyMs }: Duty): Promise<boolean> {
		if (everyMs <= ROUND_MS) {
			return true;
		}
		const before = this.doneAt.get(name) ?? (await this.stored(name))?.at;
		return before === undefined || this.parts.clock.now() - before >= everyMs;
	}

	private inTurn(work: () => Promise<void>): Promise<void> {
		const turn = this.last.then(work);
		this.last = turn;
		return turn;
	}

	private async perform(duty: Duty): Promise<void> {
		const { clock, logError } = this.parts;
		let said: Said | undefined;
		let problem: Said | undefined;
		try {
			said = await duty.run();
		} catch (error) {
			logError(`the duty ${duty.name} failed`, error);
			problem = saidBy(error);
		}
		this.doneAt.set(duty.name, clock.now());
		try {
			await this.note(duty, said, problem);
		} catch (error) {
			logError(`the duty ${duty.name} is not noted`, error);
		}
	}

	private async note(
		{ name, everyMs }: Duty,
		said: Said | undefined,
		problem: Said | undefined,
	): Promise<void> {
		const before = await this.stored(name);
		const at = this.parts.clock.now();
		const isNews =
			before === undefined || (before.problem ?? undefined) !== (problem && inEnglish(problem));
		const isOld = before !== undefined && at - before.at >= NOTED_MS;
		if (isNews || everyMs >= NOTED_MS || (isOld && said !== undefined)) {
			const value: StoredDuty = {
				at,
				said: said === undefined ? (before?.said ?? null) : inEnglish(said),
				message: said === undefined ? (before?.message ?? null) : storedMessage(said),
				problem: problem === undefined ? null : inEnglish(problem),
				problemSaid: storedMessage(problem),
			};
			const key = dutyKey(name);
			await this.parts.storage.commit({ sets: [{ key, value, expiresAt: at + JOB_KEPT_MS }] });
		}
	}

	private async stored(name: string): Promise<StoredDuty | undefined> {
		const entry = await this.parts.storage.get(dutyKey(name));
		return entry && STORED_DUTY.read(entry.value);
	}
}

const STORED_DUTY: StoredKind<StoredDuty> = {
	name: "jobs/duty",
	read: (value) => {
		const { at, said = null, message, problem = null, problemSaid } = fieldsOf(value);
		const isText = (each: unknown) => each === null || typeof each === "string";
		return isTime(at) && isText(said) && isText(problem)
			? {
					...{ at, said: said as string | null, problem: problem as string | null },
					message: readMessage(message) ?? null,
					problemSaid: readMessage(problemSaid) ?? null,
				}
			: undefined;
	},
};
