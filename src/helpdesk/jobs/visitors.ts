import type { Clock } from "../../contract/clock.ts";

/** How long after a visitor's request a node takes it that more of them follow. Milliseconds. */
const STAYS_MS = 1_000;

/** Whether visitors use this node now. Background work yields to them. */
export class Visitors {
	private lastSeenAt = Number.NEGATIVE_INFINITY;
	private waiting = 0;

	constructor(private readonly clock: Clock) {}

	/** Notes the request of a visitor, from its start to its answer. */
	async during<Answer>(answer: () => Answer | Promise<Answer>): Promise<Answer> {
		this.waiting += 1;
		try {
			return await answer();
		} finally {
			this.waiting -= 1;
			this.lastSeenAt = this.clock.now();
		}
	}

	areHere(): boolean {
		return this.waiting > 0 || this.clock.now() - this.lastSeenAt < STAYS_MS;
	}
}
