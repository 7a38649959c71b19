import { NoAnswerError, withinTime } from "../../storage/within-time.ts";

/** Runs a call with a time limit. @throws what the call rejects with, or an Error when the time is over. */
export type InTime = <Result>(call: Promise<Result>) => Promise<Result>;

/** The time limit of hooks that load, switch, activate or remove a plugin. */
const HOOK_MS = 10_000;

export function hookInTime<Result>(call: Promise<Result>): Promise<Result> {
	return withinTime(call, HOOK_MS).catch((error: unknown) => {
		throw error instanceof NoAnswerError
			? new Error(`it did not end within ${HOOK_MS / 1000} seconds`, { cause: error })
			: error;
	});
}
