import type { Clock } from "../../contract/clock.ts";

const MINUTE = 60_000;
/** How many are counted at once, so that a flood of addresses does not fill the memory. */
const MAX_ADDRESSES = 100_000;

/**
 * Limits how often a person may start a log-in within a minute. Each node counts by itself, in memory, so that a log-in
 * costs no more storage operations.
 */
export class AttemptLimit {
	private readonly starts = new Map<string, { count: number; readonly until: number }>();

	/** @param perMinute 0: no limit. */
	constructor(
		private readonly perMinute: number,
		private readonly clock: Clock,
	) {}

	/** Counts an attempt. @returns 0 when it is allowed, otherwise the seconds to wait. */
	secondsToWait(place: string, who: string): number {
		if (this.perMinute === 0) {
			return 0;
		}
		const now = this.clock.now();
		this.forgetBefore(now);
		const key = `${place} ${who}`;
		const known = this.starts.get(key);
		if (known === undefined) {
			this.starts.set(key, { count: 1, until: now + MINUTE });
			return 0;
		}
		known.count += 1;
		return known.count > this.perMinute ? Math.ceil((known.until - now) / 1000) : 0;
	}

	/** Entries are in the order in which they end. */
	private forgetBefore(now: number): void {
		for (const [key, { until }] of this.starts) {
			if (until > now && this.starts.size < MAX_ADDRESSES) {
				return;
			}
			this.starts.delete(key);
		}
	}
}
