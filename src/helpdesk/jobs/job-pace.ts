/** Makes background work wait for visitors. */
export interface JobPace {
	/**
	 * Waits after a step.
	 *
	 * @param stepMs how long the step took. Milliseconds.
	 */
	after(stepMs: number): Promise<void>;
}
