import type { Clock } from "../../../contract/clock.ts";

const MIN_FAILURES = 10;
const SILENT_MS = 10_000;

/**
 * Stops calls to a provider that does not answer. Opens after at least ten failures with no success for ten seconds,
 * and then lets one attempt through every ten seconds. It is in memory, so each node has its own.
 */
export class CircuitBreaker {
	private failures = 0;
	private silentSince = 0;
	private nextAttempt = 0;

	constructor(private readonly clock: Clock) {}

	succeeded(): void {
		this.failures = 0;
	}

	failed(): void {
		if (this.failures === 0) {
			this.silentSince = this.clock.now();
		}
		this.failures += 1;
	}

	get isOpen(): boolean {
		return this.failures >= MIN_FAILURES && this.clock.now() - this.silentSince >= SILENT_MS;
	}

	/** Tells whether to call now. Asking uses up the one attempt of an open breaker. */
	mayTry(): boolean {
		if (!this.isOpen) {
			return true;
		}
		const now = this.clock.now();
		if (now < this.nextAttempt) {
			return false;
		}
		this.nextAttempt = now + SILENT_MS;
		return true;
	}
}
