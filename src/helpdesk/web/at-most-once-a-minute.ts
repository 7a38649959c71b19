import type { Clock } from "../../contract/clock.ts";

const MINUTE_MS = 60_000;

/** Makes a function that acts on the first call of a minute and ignores the others, so that strangers cannot fill the log. */
export function atMostOnceAMinute<Arguments extends unknown[]>(
	clock: Clock,
	act: (...args: Arguments) => void,
): (...args: Arguments) => void {
	let next = 0;
	return (...args) => {
		const now = clock.now();
		if (now >= next) {
			next = now + MINUTE_MS;
			act(...args);
		}
	};
}
