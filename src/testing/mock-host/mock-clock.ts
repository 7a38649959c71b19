import type { Clock } from "../../contract/clock.ts";

/** A clock that moves only when a test moves it. */
export class MockClock implements Clock {
	constructor(private time = Date.UTC(2026, 0, 15, 12)) {}

	now(): number {
		return this.time;
	}

	advance(milliseconds: number): void {
		this.time += milliseconds;
	}
}
