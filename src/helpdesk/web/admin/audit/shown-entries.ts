import type { AuditEntry } from "../../../audit/audit-entry.ts";
import { LONG_OVER_MS } from "../../../audit/audit-upkeep.ts";
import { isDeedName, kindOf } from "../../../audit/deeds.ts";
import type { Audit } from "../../../audit/open-audit.ts";
import type { Standing } from "./audit-words.ts";

/** An entry, and how its deed stands. */
export interface ShownEntry {
	readonly entry: AuditEntry;
	readonly standing: Standing;
}

export interface StandingParts {
	readonly audit: Pick<Audit, "jobs">;
	/** Milliseconds since the epoch. */
	readonly now: () => number;
}

export function shownEntries(
	entries: readonly AuditEntry[],
	parts: StandingParts,
): Promise<ShownEntry[]> {
	return Promise.all(
		entries.map(async (entry) => ({ entry, standing: await standingOf(entry, parts) })),
	);
}

/** A deed that was begun may have ended meanwhile. What ends it notes that within hours. */
async function standingOf(
	{ deed, state, outcome, jobId, at }: AuditEntry,
	{ audit, now }: StandingParts,
): Promise<Standing> {
	if (isDeedName(deed) && kindOf(deed).shelf === "failures") {
		return "refused";
	}
	if (state !== "begun") {
		return outcome ?? "done";
	}
	if (jobId === null) {
		return now() - at >= LONG_OVER_MS ? "interrupted" : "under-way";
	}
	const end = await audit.jobs.endOf(jobId);
	return end === "gone" ? "interrupted" : (end?.outcome ?? "under-way");
}
