/** Work that comes up again and again, on one node at a time. */
export interface Duty {
	/** For operators and for the storage, so it never changes. */
	readonly name: string;
	/** Milliseconds. */
	readonly everyMs: number;
	/** Does what there is to do, a bounded amount of it. @returns what it did, as a sentence; undefined for nothing. */
	readonly run: () => Promise<string | undefined>;
}
