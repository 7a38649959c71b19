/**
 * Holds back what a version of a plugin does while it is tried. Then everything takes effect at once, or nothing ever
 * does.
 */
export class Staging {
	private phase: "open" | "sealed" | "kept" | "dropped" = "open";
	private last: Promise<unknown> = Promise.resolve();
	private settled: () => void = () => {};
	private readonly outcome = new Promise<void>((resolve) => {
		this.settled = resolve;
	});

	/**
	 * While the version is tried, calls run one after the other. Calls during the decision wait for it.
	 *
	 * @throws Error when the version was dropped.
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
			throw new Error("this version was not installed, so it stores and sends nothing");
		}
		return through();
	}

	/** Stages nothing more. Resolves when the calls that have begun are done. */
	async seal(): Promise<void> {
		this.phase = "sealed";
		await this.last;
	}

	/** Whether the version was kept, and calls take effect directly. */
	get isKept(): boolean {
		return this.phase === "kept";
	}

	/** Ends the trial. @param kept whether what was staged takes effect. */
	settle(kept: boolean): void {
		this.phase = kept ? "kept" : "dropped";
		this.settled();
	}
}
