/** The time by which everything expires. */
export interface Clock {
	/** Milliseconds since the epoch. */
	now(): number;
}
