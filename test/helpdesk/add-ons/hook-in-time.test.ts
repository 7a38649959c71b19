import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { hookInTime } from "../../../src/helpdesk/add-ons/hook-in-time.ts";
import { SlowHookError } from "../../../src/routes/hook-in-time.ts";

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

test("a hook that does not end fails after ten seconds, and a hook that rejects fails with its own error", async () => {
	const hanging = hookInTime(new Promise(() => {})).catch((error: unknown) => error);
	await vi.advanceTimersByTimeAsync(9_999);
	const undecided = await Promise.race([hanging, Promise.resolve("undecided")]);
	expect(undecided).toBe("undecided");
	await vi.advanceTimersByTimeAsync(1);

	expect(await hanging).toEqual(new SlowHookError(10));
	await expect(hookInTime(Promise.reject(new Error("no keys")))).rejects.toThrow("no keys");
	expect(await hookInTime(Promise.resolve(1))).toBe(1);
	expect(vi.getTimerCount()).toBe(0);
});
