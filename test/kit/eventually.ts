import { vi } from "vitest";

/** As long as `expect.poll` waits, by vitest.config.ts. */
const WAIT_MS = 120_000;

/** Tries again until an attempt does not throw. @returns what that attempt gave. */
export function eventually<Result>(attempt: () => Result | Promise<Result>): Promise<Result> {
	return vi.waitFor(attempt, WAIT_MS);
}
