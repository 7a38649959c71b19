/** The clock that decides when things expire. */
export interface Clock {
	/** Milliseconds since the epoch. */
	now(): number;
}
