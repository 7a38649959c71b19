import type { Clock } from "../../../contract/clock.ts";

/** The calls to the provider for one request: their deadline, their number and their time. */
export class ProviderCalls {
	/** Milliseconds since the epoch, by the host's clock. */
	readonly deadline: number;
	private made = 0;
	private waited = 0;

	constructor(
		private readonly clock: Clock,
		budgetMs: number,
	) {
		this.deadline = clock.now() + budgetMs;
	}

	/** Includes lost calls: the provider may have counted them. */
	get count(): number {
		return this.made;
	}

	get waitedMs(): number {
		return this.waited;
	}

	/** Makes one call and measures its time, even if it fails. */
	async time<Result>(call: () => Promise<Result>): Promise<Result> {
		const sentAt = this.clock.now();
		this.made += 1;
		try {
			return await call();
		} finally {
			this.waited += this.clock.now() - sentAt;
		}
	}
}
