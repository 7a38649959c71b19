import type { AuditUpkeep } from "./audit/audit-upkeep.ts";
import type { Duty } from "./jobs/duties.ts";

const EVERY_MS = 60 * 60_000;

/** The duty that deletes old entries of the audit trail, with what operators read about it. */
export function keepingAuditTrail(upkeep: Pick<AuditUpkeep, "run">): Duty {
	return {
		name: "keep-audit-trail",
		everyMs: EVERY_MS,
		run: async () => {
			const deleted = await upkeep.run();
			return deleted === 0
				? undefined
				: { key: "jobs.duty.entries-deleted", values: { count: deleted } };
		},
	};
}
