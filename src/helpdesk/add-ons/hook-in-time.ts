import type { HookName } from "../../contract/plugin.ts";
import { NoAnswerError, withinTime } from "../../storage/within-time.ts";

/**
 * Runs a call with a time limit. What the call answers after it is ignored, and so is its error.
 *
 * @param milliseconds left out: the time of hooks that load, switch, activate or remove a plugin.
 * @throws what the call rejects with, or an Error when the time is over: {@link SlowHookError}.
 */
export type InTime = <Result>(call: Promise<Result>, milliseconds?: number) => Promise<Result>;

/** A hook took longer than the helpdesk waits. */
export class SlowHookError extends Error {
	override readonly name = "SlowHookError";
}

/** A hook that asks nobody but the storage, whose own limits are shorter, takes milliseconds. */
const HOOK_MS = 10_000;
/**
 * Providers answer late: X Login calls X for nine seconds at most, and other add-ons may call more than once. The Users page
 * asks for the accounts of all users at once.
 */
const LONG_MS = 30_000;
/** A brand with a hundred thousand links is read to the end. */
const BRAND_MS = 60_000;

/**
 * The time limits of hooks that a page waits for. They only read, or a visitor can send the same request again. A hook that
 * is not here has no limit: it changes what is stored about people, and the page has to say what became of it.
 */
export const PAGE_HOOK_MS = {
	renderLoginButtons: HOOK_MS,
	exportUserData: HOOK_MS,
	explain: HOOK_MS,
	simulate: HOOK_MS,
	onSettingsWillSave: LONG_MS,
	checkSetup: LONG_MS,
	startLogin: LONG_MS,
	handleCallback: LONG_MS,
	continueLogin: LONG_MS,
	listLinkedAccounts: LONG_MS,
	exportLinks: BRAND_MS,
	describeImpact: BRAND_MS,
} as const satisfies Partial<Record<HookName, number>>;

export function hookInTime<Result>(call: Promise<Result>, milliseconds = HOOK_MS): Promise<Result> {
	return withinTime(call, milliseconds).catch((error: unknown) => {
		throw error instanceof NoAnswerError
			? new SlowHookError(`it did not end within ${milliseconds / 1000} seconds`, { cause: error })
			: error;
	});
}
