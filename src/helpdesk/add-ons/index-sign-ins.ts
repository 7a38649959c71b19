import type { Duty } from "../jobs/duties.ts";
import type { AddOns } from "./add-ons.ts";

const INDEXED_EVERY_MS = 60_000;

/** Makes sign-ins that an earlier version recorded findable by their trace code. */
export function indexingSignIns(addOns: Pick<AddOns, "all">): Duty {
	return {
		name: "index-sign-ins",
		everyMs: INDEXED_EVERY_MS,
		run: async () => {
			let indexed = 0;
			for (const { ledger } of await addOns.all()) {
				indexed += await ledger.indexSome();
			}
			return indexed === 0
				? undefined
				: { key: "jobs.duty.sign-ins-indexed", values: { count: indexed } };
		},
	};
}
