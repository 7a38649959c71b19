import type { Clock } from "../../contract/clock.ts";
import { countAttempt } from "../../contract/count-attempt.ts";
import type { HostStorage } from "../../contract/storage.ts";
import { addressKey } from "./email-key.ts";

const HOUR_MS = 60 * 60_000;

/** How often one operator may do each within an hour. */
const MOST = { resend: 60, "call-server": 20, "call-webhook": 20 } as const;

/** Limits what operators have sent: a stolen session is no way to flood people, or to try out hosts. All nodes count together. */
export class LetterLimits {
	/** @param storage the namespace of counts. */
	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
	) {}

	/**
	 * Counts what an operator is about to do.
	 *
	 * @returns 0 when it is allowed, else the seconds to wait.
	 */
	async secondsToWait(what: keyof typeof MOST, operator: string): Promise<number> {
		const { storage, clock } = this;
		const key = ["letters-of-operators", what, addressKey(operator)];
		const allowance = { key, most: MOST[what], windowMs: HOUR_MS };
		return Math.ceil((await countAttempt({ storage, clock }, allowance)) / 1000);
	}
}
