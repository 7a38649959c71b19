import { setTimeout as after } from "node:timers/promises";
import type { Clock } from "../../../src/contract/clock.ts";
import type { JobTimers } from "../../../src/helpdesk/jobs/job-timers.ts";

/** A lease of twenty seconds is over after one. */
const FASTER = 20;
const START = Date.UTC(2026, 0, 1);

/** A clock that is the same in each process, and runs twenty times as fast as the real one. */
export const fastClock: Clock = {
	now: () => START + (Date.now() - START) * FASTER,
};

export const fastTimers: JobTimers = {
	after: async (ms, signal) => {
		await after(ms / FASTER, undefined, { ref: false, ...(signal && { signal }) }).catch(
			() => undefined,
		);
	},
};
