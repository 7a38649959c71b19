/** A call of a hook, and what it did. All its texts are safe to show. */
export interface RecordedCall {
	readonly hook: string;
	readonly brandId: string | undefined;
	/** Milliseconds since the epoch. */
	readonly at: number;
	/** Undefined while it runs. */
	readonly ms: number | undefined;
	readonly outcome: string;
	readonly hasFailed: boolean;
	readonly operations: readonly RecordedOperation[];
	/** How many operations were not kept. */
	readonly left: number;
}

/** A call of a port during a hook. */
export interface RecordedOperation {
	/** `storage.get` */
	readonly name: string;
	/** What the plugin asked for. */
	readonly asked: string;
	/** The answer. Empty until it arrives. */
	readonly answer: string;
	readonly ms: number | undefined;
	readonly hasFailed: boolean;
}

/** The last time that the code was loaded, and how that ended. */
export interface RecordedLoad {
	readonly at: number;
	readonly outcome: "reloaded" | "failed";
	/** How long it took, or what is wrong. */
	readonly detail: string;
}
