import { setImmediate as otherWork } from "node:timers/promises";
import type { JobTimers } from "./job-timers.ts";
import type { Visitors } from "./visitors.ts";

/** Makes background work wait for visitors. */
export interface JobPace {
	/**
	 * Waits after a step.
	 *
	 * @param stepMs how long the step took. Milliseconds.
	 */
	after(stepMs: number): Promise<void>;
}

/** While visitors are here, the work pauses so many times as long as its last step took. */
const WITH_VISITORS = 4;
/** Milliseconds. */
const LONGEST_PAUSE_MS = 1_000;

/** Half of the time for background work, and a fifth while visitors are here. */
export class VisitorPace implements JobPace {
	constructor(
		private readonly visitors: Visitors,
		private readonly timers: JobTimers,
	) {}

	async after(stepMs: number): Promise<void> {
		// What came in during the step goes first.
		await otherWork();
		const pauseMs = this.visitors.areHere() ? WITH_VISITORS * stepMs : stepMs;
		if (pauseMs > 0) {
			await this.timers.after(Math.min(pauseMs, LONGEST_PAUSE_MS));
		}
	}
}
