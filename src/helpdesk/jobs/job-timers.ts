import { setTimeout as after } from "node:timers/promises";

/** Lets background work wait. Tests have timers of their own. */
export interface JobTimers {
	/** Waits so many milliseconds, or until the signal is aborted. It never rejects, and keeps no process alive. */
	after(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemTimers: JobTimers = {
	after: async (ms, signal) => {
		await after(ms, undefined, { ref: false, ...(signal && { signal }) }).catch(() => undefined);
	},
};
