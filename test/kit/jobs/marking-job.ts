import type { HostStorage } from "../../../src/contract/storage.ts";
import { type JobKind, jobKind } from "../../../src/helpdesk/jobs/job-kind.ts";
import type { StoredKind } from "../../../src/storage/stored-value.ts";

const NUMBER: StoredKind<number> = {
	name: "jobs/marking",
	read: (value) => (typeof value === "number" ? value : undefined),
};

/** Where the marks lie. */
export const MARKED = ["marked"] as const;

/**
 * A kind of jobs whose steps may be done twice: each writes a mark by a commit of its own, if it is not there yet, and moves
 * the position afterwards. Its parameter is the number of its steps.
 */
export function markingJob(storage: HostStorage): JobKind {
	return jobKind<number, number>({
		type: "marking",
		params: NUMBER,
		position: NUMBER,
		exclusive: () => undefined,
		begin: async (to) => ({ position: 0, total: to }),
		step: async ({ params: to, position }) => {
			const key = [...MARKED, String(position)];
			await storage.commit({ checks: [{ key, version: null }], sets: [{ key, value: 1 }] });
			return { position: position + 1, done: position + 1, isEnd: position + 1 === to };
		},
		words: (to) => ({ title: `Mark ${to}`, unit: "steps" }),
	});
}
