import { setImmediate as nextTurn } from "node:timers/promises";

/** How long one turn of the event loop may read. Milliseconds. */
const MOST_MS = 5;

/**
 * Lets other work in between reads of an engine that answers at once. Promises alone never end a turn of the event loop: a
 * thousand reads one after the other would be one turn, and requests would wait for the last of them.
 */
export class TurnBudget {
	private startedAt: number | undefined;

	/** @param now the milliseconds since any moment. */
	constructor(private readonly now: () => number = () => performance.now()) {}

	/** @returns whether this turn has read long enough, so that the caller waits for {@link next}. */
	isSpent(): boolean {
		if (this.startedAt === undefined) {
			this.startedAt = this.now();
			setImmediate(() => {
				this.startedAt = undefined;
			});
			return false;
		}
		return this.now() - this.startedAt >= MOST_MS;
	}

	/** Waits for a turn that has time left. */
	async next(): Promise<void> {
		do {
			await nextTurn();
		} while (this.isSpent());
	}
}
