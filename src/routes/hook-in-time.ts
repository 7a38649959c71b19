/** A hook took longer than the helpdesk waits. */
export class SlowHookError extends Error {
	override readonly name = "SlowHookError";

	/** @param seconds how long the helpdesk waited. */
	constructor(readonly seconds: number) {
		super(`it did not end within ${seconds} seconds`);
	}
}

/** Providers answer late: X Login calls X for nine seconds at most, and other plugins may call more than once. */
export const LOGIN_HOOK_MS = 30_000;
/** A hook that asks nobody but the storage, whose own limits are shorter, takes milliseconds. */
export const HOOK_MS = 10_000;

/**
 * Waits for a hook for a limited time. What the hook answers after it is ignored, and so is its error.
 *
 * @throws what the hook rejects with, or {@link SlowHookError}.
 */
export async function hookInTime<Result>(
	call: Promise<Result>,
	milliseconds: number,
): Promise<Result> {
	let timer: ReturnType<typeof setTimeout> | undefined;
	const silence = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new SlowHookError(milliseconds / 1000)), milliseconds);
	});
	try {
		return await Promise.race([call, silence]);
	} finally {
		clearTimeout(timer);
	}
}
