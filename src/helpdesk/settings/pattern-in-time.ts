import { runInNewContext } from "node:vm";

/** A pattern without loops in loops takes microseconds. */
const PATTERN_MS = 250;
/** A clock runs on while a busy machine runs other programs, so that one time that is over proves nothing. */
const ATTEMPTS = 3;
const TIME_IS_OVER = "ERR_SCRIPT_EXECUTION_TIMEOUT";

/**
 * Whether a text matches a pattern of a plugin's settings schema. Such a pattern can take years for a few dozen
 * characters, and nobody is served meanwhile. No analysis finds all such patterns, so that the time is limited instead.
 *
 * @param pattern as JSON Schema has it: with the flag `u`, anywhere in the text.
 * @param run evaluates a script within a time.
 * @returns false as well when the time is over.
 */
export function matchesInTime(pattern: string, text: string, run = runInNewContext): boolean {
	for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
		try {
			const given = { pattern, text };
			return run("new RegExp(pattern, 'u').test(text)", given, { timeout: PATTERN_MS }) === true;
		} catch (error) {
			// The error may be of the other context, and then it is no Error of this one.
			if (Object(error).code !== TIME_IS_OVER) {
				throw error;
			}
		}
	}
	return false;
}
