const WINDOW_MS = 15 * 60 * 1000;
const CALLS = 75;

/**
 * X's limit of 75 calls in 15 minutes for each account and call. An assumption: `/oauth/*` has no limit here, because X
 * does not publish it.
 */
export class RateLimits {
	private readonly windows = new Map<string, { count: number; readonly until: number }>();

	constructor(private readonly clock: { now(): number }) {}

	/** Counts a call. @returns X's headers about the limit, and whether the call exceeds it. */
	count(call: string, accountId: string): { exceeded: boolean; headers: Record<string, string> } {
		const key = `${call} ${accountId}`;
		const now = this.clock.now();
		const known = this.windows.get(key);
		const window =
			known !== undefined && now < known.until ? known : { count: 0, until: now + WINDOW_MS };
		window.count += 1;
		this.windows.set(key, window);
		return {
			exceeded: window.count > CALLS,
			headers: {
				"x-rate-limit-limit": String(CALLS),
				"x-rate-limit-remaining": String(Math.max(0, CALLS - window.count)),
				"x-rate-limit-reset": String(Math.ceil(window.until / 1000)),
			},
		};
	}
}
