import type { Clock } from "../../contract/clock.ts";
import type { HookName } from "../../contract/plugin.ts";
import { SlowHookError } from "../../routes/hook-in-time.ts";

const MINUTE_MS = 60_000;

/** Reports the hooks of an add-on that fail. */
export class HookReports {
	/** When a slow hook is reported again. Milliseconds since the epoch. */
	private readonly quietUntil = new Map<HookName, number>();

	constructor(
		private readonly addOnId: string,
		private readonly clock: Clock,
		private readonly logError: (what: string, error: unknown) => void,
	) {}

	/** A slow hook is slow for every visitor, so it is reported once a minute. */
	report(hook: HookName, error: unknown): void {
		if (error instanceof SlowHookError) {
			const now = this.clock.now();
			if (now < (this.quietUntil.get(hook) ?? now)) {
				return;
			}
			this.quietUntil.set(hook, now + MINUTE_MS);
		}
		this.logError(`the hook ${hook} of ${this.addOnId} failed`, error);
	}
}
