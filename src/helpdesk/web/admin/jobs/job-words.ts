import { shownValue } from "../../../../contract/message-text.ts";
import type { JobUnit } from "../../../jobs/job-kind.ts";
import { STARTERS } from "../../../jobs/job-starters.ts";
import type { JobDescription } from "../../../jobs/jobs.ts";
import { hasEnded, type Job } from "../../../jobs/stored-job.ts";
import type { Locale, TextKey } from "../../../locale/locale.ts";

export interface ShownJob extends JobDescription {
	readonly job: Job;
}

const STATES = {
	waiting: "jobs.state.waiting",
	running: "jobs.state.running",
	done: "jobs.state.done",
	failed: "jobs.state.failed",
	cancelled: "jobs.state.cancelled",
} as const satisfies Record<Job["state"], TextKey>;

const UNITS = {
	links: "links",
	"links and e-mails": "links-and-letters",
	"e-mails": "letters",
	rows: "rows",
	people: "people",
	accounts: "accounts",
	files: "files",
	agreements: "agreements",
	steps: "steps",
} as const satisfies Record<JobUnit, string>;

const STARTED_BY: ReadonlyMap<string, TextKey> = new Map<string, TextKey>([
	[STARTERS.helpdesk, "jobs.by.helpdesk"],
	[STARTERS.registration, "jobs.by.registration"],
	[STARTERS.start, "jobs.by.start"],
]);

export function stateOf(job: Job, { text }: Locale): string {
	return text(job.isCancelling && !hasEnded(job) ? "jobs.state.cancelling" : STATES[job.state]);
}

/** How much is done: "312,000 of about 1,000,000 links". */
export function amountOf(
	{ job: { done, total, state }, unit }: ShownJob,
	{ text, language }: Locale,
): string {
	return total === null || state === "done"
		? text(`jobs.amount.${UNITS[unit]}`, { done })
		: text(`jobs.amount-of.${UNITS[unit]}`, {
				...{ done: shownValue(done, language), total: Math.max(done, total) },
			});
}

/** The address of the operator who started a job, or the words for what did. */
export function starterOf({ by }: Job, { text }: Locale): string {
	const key = STARTED_BY.get(by);
	return key === undefined ? by : text(key);
}
