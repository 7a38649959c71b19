import type { Clock } from "../../../contract/clock.ts";
import { countAttempt } from "../../../contract/count-attempt.ts";
import type { HostStorage } from "../../../contract/storage.ts";

export const HOUR_MS = 60 * 60_000;
/**
 * How many codes and passkeys are tried for one operator within an hour, in all unknown browsers together and in all known
 * ones. Three codes in a million are right at a time: who knows the password and guesses for a year has less than even chances.
 */
const TRIES_PER_HOUR = 20;

/** Whether the operator was logged in before in the browser that sends a code. Strangers' tries do not lock it out. */
export type BrowserKind = "known" | "unknown";

/** How many seconds to wait. Nothing was checked. */
export interface MustWait {
	readonly wait: number;
}

/** @param operatorId the one that stays. @returns undefined for a try that may be checked. */
export async function countTry(
	parts: {
		/** A namespace whose entries expire. */
		readonly storage: HostStorage;
		readonly clock: Clock;
	},
	operatorId: string,
	browser: BrowserKind,
): Promise<MustWait | undefined> {
	const key = ["tries", operatorId, browser];
	const wait = await countAttempt(parts, { key, most: TRIES_PER_HOUR, windowMs: HOUR_MS });
	return wait > 0 ? { wait: Math.ceil(wait / 1000) } : undefined;
}
