import type { Duty } from "../jobs/duties.ts";
import type { AddOns } from "./add-ons.ts";

const ERASED_EVERY_MS = 60_000;

/** Erases what the sign-in ledgers still have of users whose deletion left that for later. */
export function erasingSignIns(addOns: Pick<AddOns, "all">): Duty {
	return {
		name: "erase-sign-ins",
		everyMs: ERASED_EVERY_MS,
		run: async () => {
			let erased = 0;
			for (const { ledger } of await addOns.all()) {
				erased += await ledger.eraseNoted();
			}
			return erased === 0
				? undefined
				: { key: "jobs.duty.sign-ins-erased", values: { count: erased } };
		},
	};
}
