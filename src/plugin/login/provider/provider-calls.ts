import type { Clock } from "../../../contract/clock.ts";

/** The calls to the provider on behalf of one request: until when they may be made, how many, and how long they took. */
export class ProviderCalls {
	/** By the host's clock, milliseconds since the epoch. */
	readonly deadline: number;
	private made = 0;
	private waited = 0;

	constructor(
		private readonly clock: Clock,
		budgetMs: number,
	) {
		this.deadline = clock.now() + budgetMs;
	}

	/** Those that were lost on the way included: the provider may have counted them. */
	get count(): number {
		return this.made;
	}

	get waitedMs(): number {
		return this.waited;
	}

	/** Makes one call, and takes its time whatever comes of it. */
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
