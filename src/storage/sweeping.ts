import type { Clock } from "../contract/clock.ts";

/** The longest time between two sweeps, in milliseconds. */
export const MS_BETWEEN_SWEEPS = 60_000;
const COMMITS_BETWEEN_SWEEPS = 100;

/** The most entries that a sweep deletes: where every commit sweeps, and where a sweep comes now and then. */
export const SWEPT_WITH_EACH_COMMIT = 100;
export const SWEPT_NOW_AND_THEN = 1000;

/**
 * The milliseconds between an entry's expiry and its sweep, where several nodes share a storage. Their clocks differ a
 * little, and a swept entry must not be alive by any of them.
 */
export const SWEPT_AFTER_MS = 60_000;

/** When the next sweep is due: with the first commit after 100 others or after a minute, whichever is sooner. */
export class SweepSchedule {
	private commits = 0;
	private sweptAt: number;

	constructor(private readonly clock: Clock) {
		this.sweptAt = clock.now();
	}

	/** Counts a commit. @returns whether to sweep with it. */
	isDue(): boolean {
		this.commits += 1;
		const now = this.clock.now();
		if (this.commits < COMMITS_BETWEEN_SWEEPS && now - this.sweptAt < MS_BETWEEN_SWEEPS) {
			return false;
		}
		this.commits = 0;
		this.sweptAt = now;
		return true;
	}
}
