import type { JobTimers } from "../../../src/helpdesk/jobs/job-timers.ts";
import type { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";

interface Waiting {
	readonly until: number;
	readonly go: () => void;
}

/** Timers that a test moves by hand, together with the clock. */
export class HandTimers implements JobTimers {
	private readonly waiting = new Set<Waiting>();

	constructor(private readonly clock: MockClock) {}

	after(ms: number, signal?: AbortSignal): Promise<void> {
		return new Promise((resolve) => {
			if (signal?.aborted) {
				resolve();
				return;
			}
			const go = (): void => {
				signal?.removeEventListener("abort", go);
				this.waiting.delete(wait);
				resolve();
			};
			const wait: Waiting = { until: this.clock.now() + ms, go };
			this.waiting.add(wait);
			signal?.addEventListener("abort", go);
		});
	}

	/** Lets time pass, a second at a time. Those who wait go on. */
	async pass(ms: number): Promise<void> {
		const end = this.clock.now() + ms;
		while (this.clock.now() < end) {
			this.clock.advance(Math.min(1_000, end - this.clock.now()));
			for (const wait of [...this.waiting]) {
				if (wait.until <= this.clock.now()) {
					wait.go();
				}
			}
			await settled();
		}
	}
}

/** Waits until everything that needs no time is done. The storage in memory answers in microtasks. */
export async function settled(): Promise<void> {
	for (let turn = 0; turn < 20; turn += 1) {
		await new Promise((resolve) => setImmediate(resolve));
	}
}
