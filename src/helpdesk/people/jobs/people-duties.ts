import type { Duty } from "../../jobs/duties.ts";
import { STARTERS } from "../../jobs/job-starters.ts";
import type { Jobs } from "../../jobs/jobs.ts";
import { hasEnded } from "../../jobs/stored-job.ts";
import type { Message } from "../../locale/locale.ts";
import { INDEX_JOB_ID } from "../index-state.ts";
import type { PeopleCounts } from "../people-counts.ts";
import type { PeopleSearch } from "../people-search.ts";
import { INDEX_PEOPLE } from "./index-people.ts";

const EVERY_MS = 10_000;
/** Of 40 notes each: more people than sign up in the meantime, and about a second's work. */
const FOLDS_PER_ROUND = 50;

export interface PeopleDutiesParts {
	readonly counts: PeopleCounts;
	readonly search: PeopleSearch;
	readonly jobs: Pick<Jobs, "find" | "start">;
}

/** What keeps the counts and the index of people right without anybody asking. */
export function peopleDuties(parts: PeopleDutiesParts): readonly Duty[] {
	return [
		{ name: "count-people", everyMs: EVERY_MS, run: () => countPeople(parts) },
		{ name: "index-people", everyMs: EVERY_MS, run: () => startIndex(parts) },
	];
}

async function countPeople({ counts, jobs }: PeopleDutiesParts): Promise<Message | undefined> {
	const recount = await counts.recountedBy();
	// A hold that cannot be read is nobody's, and no job can have its name.
	const job = recount === undefined || recount === "" ? undefined : await jobs.find(recount);
	if (recount !== undefined && (job === undefined || hasEnded(job))) {
		await counts.release(recount);
	}
	let counted = 0;
	for (let folds = 0; folds < FOLDS_PER_ROUND; folds += 1) {
		const folded = await counts.fold();
		counted += folded;
		if (folded === 0) {
			break;
		}
	}
	return counted === 0
		? undefined
		: { key: "jobs.duty.people-counted", values: { count: counted } };
}

/** After a restore the job is gone, but what it has to do is not. */
async function startIndex({ search, jobs }: PeopleDutiesParts): Promise<Message | undefined> {
	if ((await search.state()).isReady) {
		return undefined;
	}
	const job = { type: INDEX_PEOPLE, params: null, by: STARTERS.helpdesk };
	// People cannot be found without an index, so a job that somebody cancelled is followed by one with an id of its own.
	const isCancelled = (await jobs.find(INDEX_JOB_ID))?.state === "cancelled";
	const { kind } = await jobs.start(isCancelled ? job : { ...job, id: INDEX_JOB_ID });
	return kind === "started" ? { key: "jobs.duty.index-started" } : undefined;
}
