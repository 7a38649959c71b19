import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Plugin } from "../../../src/contract/plugin.ts";
import { hookInTime } from "../../../src/helpdesk/add-ons/hook-in-time.ts";
import { readingInTime } from "../../../src/helpdesk/add-ons/hooks-in-time.ts";

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

	expect(await hanging).toEqual(new Error("it did not end within 10 seconds"));
	await expect(hookInTime(Promise.reject(new Error("no keys")))).rejects.toThrow("no keys");
	expect(await hookInTime(Promise.resolve(1))).toBe(1);
	expect(vi.getTimerCount()).toBe(0);
});

test.each([
	"renderLoginButtons",
	"listLinkedAccounts",
	"describeImpact",
	"explain",
	"exportUserData",
] as const)("the hook %s that never answers fails after ten seconds", async (name) => {
	const plugin = readingInTime(
		{ [name]: () => new Promise(() => {}) } as unknown as Plugin,
		hookInTime,
	);
	const hook = plugin[name] as (() => Promise<unknown>) | undefined;
	const ended = hook?.().catch((error: unknown) => error);
	await vi.advanceTimersByTimeAsync(10_000);

	expect(await ended).toEqual(new Error("it did not end within 10 seconds"));
	expect(vi.getTimerCount()).toBe(0);
});

test("a plugin keeps its other hooks, and has no hook that it did not have", async () => {
	const startLogin = async () => ({ kind: "failed" });
	const explain = async (...given: readonly unknown[]) => given;
	const plugin = readingInTime({ startLogin, explain } as unknown as Plugin, hookInTime);

	expect(Object.keys(plugin)).toEqual(["startLogin", "explain"]);
	expect(plugin.startLogin).toBe(startLogin);
	const end = { code: "denied", problem: null } as unknown as Parameters<Plugin["explain"]>[0];
	expect(await plugin.explain(end, "en", "acorn")).toEqual([end, "en", "acorn"]);
});
