import type { Clock } from "../../contract/clock.ts";

const MINUTE = 60_000;
/** Known at once, so that a flood of them does not fill the memory. */
const MAX_ADDRESSES = 100_000;

/** How often somebody may try something within a minute, counted on this node. */
export class AttemptLimit {
	private readonly starts = new Map<string, { count: number; readonly until: number }>();

	/** @param perMinute 0: as many as it likes. */
	constructor(
		private readonly perMinute: number,
		private readonly clock: Clock,
	) {}

	/** Counts an attempt; @returns 0 when it may go on, else the seconds to wait. */
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

	/** Entries stand in the order of their ends. */
	private forgetBefore(now: number): void {
		for (const [key, { until }] of this.starts) {
			if (until > now && this.starts.size < MAX_ADDRESSES) {
				return;
			}
			this.starts.delete(key);
		}
	}
}
