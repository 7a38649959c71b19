import { StorageError } from "../contract/storage.ts";

/**
 * The error of a call that the engine cannot answer. It says what is wrong and where, without user name or password.
 */
export function engineError(engine: string, cause: unknown): StorageError {
	return new StorageError(`${engine} cannot be used: ${detailOf(cause)}`, { cause });
}

function detailOf(cause: unknown): string {
	// Node tries every address of a host name, and wraps the errors of all of them in one error without a message.
	const error = cause instanceof AggregateError ? cause.errors[0] : cause;
	const message = error instanceof Error ? error.message : String(error);
	return message === "" ? "there is no connection" : message;
}
