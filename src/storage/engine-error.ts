import { StorageError } from "../contract/storage.ts";

/** What a call rejects with when the engine cannot answer: what is wrong where, and never who connects. */
export function engineError(engine: string, cause: unknown): StorageError {
	return new StorageError(`${engine} cannot be used: ${detailOf(cause)}`, { cause });
}

function detailOf(cause: unknown): string {
	// Node tries every address of a host name, and says what went wrong with each in an error without a message.
	const error = cause instanceof AggregateError ? cause.errors[0] : cause;
	const message = error instanceof Error ? error.message : String(error);
	return message === "" ? "there is no connection" : message;
}
