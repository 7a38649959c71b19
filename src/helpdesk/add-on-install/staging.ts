/**
 * For as long as a version of a plugin is being tried, what it does is kept back; then all of it takes effect at once, or
 * none of it ever does.
 */
export class Staging {
	private phase: "open" | "sealed" | "kept" | "dropped" = "open";
	private last: Promise<unknown> = Promise.resolve();
	private settled: () => void = () => {};
	private readonly outcome = new Promise<void>((resolve) => {
		this.settled = resolve;
	});

	/**
	 * One thing after the other while it is tried; whoever comes while that is being decided waits.
	 *
	 * @throws Error when it came to nothing.
	 */
	async run<Result>(
		staged: () => Promise<Result>,
		through: () => Promise<Result>,
	): Promise<Result> {
		if (this.phase === "open") {
			const run = this.last.then(staged);
			this.last = run.catch(() => undefined);
			return run;
		}
		await this.outcome;
		if (this.phase === "dropped") {
			throw new Error("this version did not come into force: it stores and sends nothing");
		}
		return through();
	}

	/** Nothing more is staged; resolves when what was begun is done. */
	async seal(): Promise<void> {
		this.phase = "sealed";
		await this.last;
	}

	/** Whether what is done takes effect. */
	get isKept(): boolean {
		return this.phase === "kept";
	}

	/** @param kept whether it takes effect. */
	settle(kept: boolean): void {
		this.phase = kept ? "kept" : "dropped";
		this.settled();
	}
}
