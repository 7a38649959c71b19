import { vi } from "vitest";

/** The time that `expect.poll` waits, from vitest.config.ts. */
const WAIT_MS = 120_000;

/** Tries again until an attempt does not throw. @returns the result of that attempt. */
export function eventually<Result>(attempt: () => Result | Promise<Result>): Promise<Result> {
	return vi.waitFor(attempt, WAIT_MS);
}
