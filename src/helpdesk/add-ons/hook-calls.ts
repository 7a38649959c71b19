import type { HookName, Plugin } from "../../contract/plugin.ts";
import { SlowHookError } from "../../routes/hook-in-time.ts";
import type { AddOnStates } from "./add-on-states.ts";
import { type InTime, PAGE_HOOK_MS } from "./hook-in-time.ts";

/** The hooks that a page waits for. */
export type PageHook = keyof typeof PAGE_HOOK_MS;

/** What calls of hooks need from the helpdesk. */
export interface HookSupport {
	/** Called for every hook that rejects. */
	readonly report: (hook: HookName, error: unknown) => void;
	/** Ends hooks that would keep a page from being shown, the helpdesk from starting, or the add-on from being removed. */
	readonly inTime: InTime;
}

/** Calls hooks of a plugin, with what happens when they fail or take too long. */
export class HookCalls {
	constructor(
		private readonly plugin: Partial<Plugin>,
		private readonly states: AddOnStates,
		private readonly support: HookSupport,
	) {}

	hook<Name extends HookName>(name: Name): Plugin[Name] | undefined {
		return this.plugin[name];
	}

	/** A hook about data, as long as the data is kept. */
	async dataHook<Name extends HookName>(name: Name): Promise<Plugin[Name] | undefined> {
		return (await this.states.isPurged()) ? undefined : this.hook(name);
	}

	/** A failure is reported. @returns undefined then. */
	async calm<Result>(hook: HookName, call: () => Promise<Result>): Promise<Result | undefined> {
		try {
			return await call();
		} catch (error) {
			this.support.report(hook, error);
			return undefined;
		}
	}

	/** A failure is reported, and taking too long is one. @returns undefined then, and the page does without an answer. */
	async calmInTime<Result>(
		hook: PageHook,
		call: () => Promise<Result>,
	): Promise<Result | undefined> {
		return this.calm(hook, () => this.unreported(hook, call));
	}

	/** Only taking too long is reported. @throws SlowHookError, or what the call rejects with. */
	async inTime<Result>(hook: PageHook, call: () => Promise<Result>): Promise<Result> {
		try {
			return await this.unreported(hook, call);
		} catch (error) {
			if (error instanceof SlowHookError) {
				this.support.report(hook, error);
			}
			throw error;
		}
	}

	/** @throws SlowHookError, or what the call rejects with. */
	async unreported<Result>(hook: PageHook, call: () => Promise<Result>): Promise<Result> {
		return this.support.inTime(call(), PAGE_HOOK_MS[hook]);
	}
}
