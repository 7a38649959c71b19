// Hooks of an add-on that never answer, or answer when nobody waits any more.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LoginRequest } from "../../../src/contract/login-request.ts";
import type { Plugin } from "../../../src/contract/plugin.ts";
import type { SimulatedCase } from "../../../src/contract/simulation.ts";
import type { PluginHooks } from "../../../src/helpdesk/add-ons/plugin-hooks.ts";
import type { SignInEntry } from "../../../src/helpdesk/sign-ins/sign-in-entry.ts";
import { titlesOf } from "../../../src/helpdesk/web/admin/sign-ins/sign-ins-of-plugins.ts";
import { SlowHookError } from "../../../src/routes/hook-in-time.ts";
import { openCore } from "../../kit/helpdesk/open-core.ts";

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

const REQUEST = { brandId: "acorn", method: "GET" } as LoginRequest;
const END = { code: "denied", problem: null };

type Call = (plugin: PluginHooks) => Promise<unknown>;

/** The hooks that a page waits for, how long, and what the page has instead of an answer. */
const PAGE_HOOKS: readonly [hook: keyof Plugin, seconds: number, call: Call, instead: unknown][] = [
	[
		"renderLoginButtons",
		10,
		(plugin) => plugin.buttons({ brandId: "acorn", page: "login", locale: "en", returnPath: "/" }),
		[],
	],
	["explain", 10, (plugin) => plugin.explain(END, "en", "acorn"), undefined],
	["simulate", 10, (plugin) => plugin.simulate({} as SimulatedCase), undefined],
	["listLinkedAccounts", 30, (plugin) => plugin.linkedAccounts("ada"), []],
	["exportUserData", 10, (plugin) => plugin.exportUserData("ada"), SlowHookError],
	[
		"onSettingsWillSave",
		30,
		(plugin) => plugin.refuseSettings({ brandId: "acorn", values: {}, secrets: {} }),
		SlowHookError,
	],
	["checkSetup", 30, (plugin) => plugin.checkSetup("acorn"), SlowHookError],
	["startLogin", 30, (plugin) => plugin.answer("startLogin", REQUEST), SlowHookError],
	["handleCallback", 30, (plugin) => plugin.answer("handleCallback", REQUEST), SlowHookError],
	["continueLogin", 30, (plugin) => plugin.answer("continueLogin", REQUEST), SlowHookError],
	["exportLinks", 60, (plugin) => plugin.exportLinks("acorn"), SlowHookError],
];

/** A call of a hook that ends when the test says so. */
async function called(hook: keyof Plugin, call: Call) {
	let resolve: (answer: unknown) => void = () => {};
	let reject: (error: Error) => void = () => {};
	const core = await openCore(() => ({
		[hook]: () =>
			new Promise((...ends) => {
				[resolve, reject] = ends;
			}),
	}));
	let ended: { readonly with: unknown } | undefined;
	const watch = (answer: unknown): void => {
		ended = { with: answer };
	};
	void call(core.addOn.plugin).then(watch, watch);
	await vi.advanceTimersByTimeAsync(0);
	return { resolve, reject, ended: () => ended };
}

test.each(PAGE_HOOKS)("the hook %s has %d seconds", async (hook, seconds, call, instead) => {
	const { ended } = await called(hook, call);

	await vi.advanceTimersByTimeAsync(seconds * 1000 - 1);
	expect(ended()).toBeUndefined();
	await vi.advanceTimersByTimeAsync(1);

	const error = new SlowHookError(seconds);
	expect(ended()).toEqual({ with: instead === SlowHookError ? error : instead });
});

test.each(PAGE_HOOKS)(
	"the hook %s that rejects after its time rejects into nothing",
	async (hook, seconds, call) => {
		const { ended, reject } = await called(hook, call);
		await vi.advanceTimersByTimeAsync(seconds * 1000);
		const before = ended();

		reject(new Error("too late"));
		await vi.advanceTimersByTimeAsync(1000);

		// Vitest fails the run for a rejection that nobody handles.
		expect(before).toBeDefined();
		expect(ended()).toBe(before);
	},
);

test.each(PAGE_HOOKS)("the hook %s that answers leaves no timer", async (hook, _, call) => {
	const { ended, resolve } = await called(hook, call);
	const waiting = vi.getTimerCount();

	resolve(undefined);
	await vi.advanceTimersByTimeAsync(0);

	expect(ended()).toBeDefined();
	expect(vi.getTimerCount()).toBe(waiting - 1);
});

test.each<[hook: keyof Plugin, call: Call]>([
	["unlinkAccount", (plugin) => plugin.unlink("ada", "x:1")],
	["onUserDeleted", (plugin) => plugin.userDeleted("ada")],
	["onUserClaimed", (plugin) => plugin.userClaimed("ada")],
	["onUsersMerged", (plugin) => plugin.usersMerged("ada", "grace")],
	["purgeLinks", (plugin) => plugin.purgeLinks("acorn", { most: 1 })],
	["importLinks", (plugin) => plugin.importLinks([], { dryRun: false })],
])("the hook %s, which changes what is stored, has the time that it needs", async (hook, call) => {
	const { ended, resolve } = await called(hook, call);
	await vi.advanceTimersByTimeAsync(60 * 60_000);
	expect(ended()).toBeUndefined();

	resolve(undefined);
	await vi.advanceTimersByTimeAsync(0);

	expect(ended()).toBeDefined();
});

test("the page of attempts waits once for an add-on that explains none of them", async () => {
	const core = await openCore(() => ({ explain: () => new Promise<never>(() => {}) }));
	const entries = ["denied", "expired", "used"].map((code) => ({ ...END, code }) as SignInEntry);
	let titles: readonly string[] | undefined;
	void titlesOf(() => core.addOn.plugin, entries, "en").then((titleOf) => {
		titles = entries.map(titleOf);
	});

	await vi.advanceTimersByTimeAsync(10_000);

	expect(titles).toEqual(["denied", "expired", "used"]);
});
