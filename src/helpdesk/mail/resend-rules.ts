import { isBeingSent, type StoredLetter, usefulUntil } from "./stored-letter.ts";

/** How often operators may have a letter sent again. */
export const MOST_RESENDS = 5;
/** How long they wait in between. */
const BETWEEN_RESENDS_MS = 60_000;

/**
 * Why a letter cannot be sent again. `expired`: its code or link no longer works, or it is too old to say anything new.
 * `text-gone`: an earlier version ended it and kept no text, or the key of the text is gone.
 */
export type ResendRefusal =
	| "no-server"
	| "expired"
	| "being-sent"
	| "too-often"
	| "too-soon"
	| "text-gone";

/** @returns undefined: it can be sent again. */
export function resendRefusal(
	letter: StoredLetter,
	about: { readonly hasText: boolean; readonly hasServer: boolean; readonly now: number },
): ResendRefusal | undefined {
	const { now } = about;
	const { resends = 0, resentAt = Number.NEGATIVE_INFINITY } = letter;
	if (usefulUntil(letter) <= now) {
		return "expired";
	}
	if (!about.hasServer) {
		return "no-server";
	}
	if (isBeingSent(letter, now)) {
		return "being-sent";
	}
	if (!about.hasText) {
		return "text-gone";
	}
	if (resends >= MOST_RESENDS) {
		return "too-often";
	}
	return now - resentAt < BETWEEN_RESENDS_MS ? "too-soon" : undefined;
}
