import { AsyncLocalStorage } from "node:async_hooks";

/**
 * The values of the call that runs. All kinds of values share one storage: Node 20 copies what each such storage holds to every
 * promise of the process, so each more of them makes every promise slower.
 */
const VALUES = new AsyncLocalStorage<ReadonlyMap<object, unknown>>();

/** A value that a call, and all that it waits for, can read without being handed it. */
export class CallValue<Value> {
	/** Calls a function. @param value what the function, and all that it starts, reads. */
	during<Result>(value: Value, work: () => Result): Result {
		return VALUES.run(new Map(VALUES.getStore()).set(this, value), work);
	}

	/** The value of the innermost call that runs and has one. */
	current(): Value | undefined {
		return VALUES.getStore()?.get(this) as Value | undefined;
	}
}
