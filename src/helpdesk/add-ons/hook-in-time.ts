import type { HookName } from "../../contract/plugin.ts";
import { HOOK_MS, hookInTime as inTime, LOGIN_HOOK_MS } from "../../routes/hook-in-time.ts";

/**
 * Runs a call with a time limit. What the call answers after it is ignored, and so is its error.
 *
 * @param milliseconds left out: the time of hooks that load, switch, activate or remove a plugin.
 * @throws what the call rejects with, or an Error when the time is over: {@link SlowHookError}.
 */
export type InTime = <Result>(call: Promise<Result>, milliseconds?: number) => Promise<Result>;

/** Set-up checks call a provider as log-ins do. The Users page asks for the accounts of all users at once. */
const LONG_MS = LOGIN_HOOK_MS;
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
	startLogin: LOGIN_HOOK_MS,
	handleCallback: LOGIN_HOOK_MS,
	continueLogin: LOGIN_HOOK_MS,
	listLinkedAccounts: LONG_MS,
	exportLinks: BRAND_MS,
} as const satisfies Partial<Record<HookName, number>>;

export function hookInTime<Result>(call: Promise<Result>, milliseconds = HOOK_MS): Promise<Result> {
	return inTime(call, milliseconds);
}
