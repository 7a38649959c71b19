/** A call of a hook, and what it did. All its texts are safe to show. They are English, for the developer of the plugin. */
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
export type RecordedLoad = LoadEnd & {
	/** Milliseconds since the epoch. */
	readonly at: number;
};

/** How loading ended. `ms`: how long it took. `reason`: what is wrong. */
export type LoadEnd =
	| { readonly outcome: "reloaded"; readonly ms: number }
	| { readonly outcome: "failed"; readonly reason: string };
