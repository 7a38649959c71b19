import { memoryUsage } from "node:process";

const SAMPLED_MS = 250;

/** How much resident memory this process takes beyond the start of the measurement. In bytes. */
export class ResidentMemory {
	private readonly start: number;
	private peak: number;

	/** Begins now, after a collection of garbage where Node was started with `--expose-gc`. */
	constructor() {
		globalThis.gc?.();
		this.start = memoryUsage.rss();
		this.peak = this.start;
		setInterval(() => this.sample(), SAMPLED_MS).unref();
	}

	/** @returns the most since the last call of this function. */
	peakSoFar(): number {
		this.sample();
		const { peak } = this;
		this.peak = memoryUsage.rss();
		return peak - this.start;
	}

	private sample(): void {
		this.peak = Math.max(this.peak, memoryUsage.rss());
	}
}
