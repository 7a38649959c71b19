import { html } from "hono/html";
import type { JobFile } from "../../../jobs/job-kind.ts";
import type { JobDescription } from "../../../jobs/jobs.ts";
import { hasEnded, type Job } from "../../../jobs/stored-job.ts";
import type { InZone } from "../../../locale/shown-time.ts";
import { csrfField, type Markup, notice } from "../../layout.ts";
import { pageHead } from "../page-head.ts";
import { jobPaths } from "../paths.ts";
import { moment } from "../sign-ins/sign-ins-page.ts";

export interface ShownJob extends JobDescription {
	readonly job: Job;
}

/** A job on its page. */
interface OpenedJob extends ShownJob {
	readonly file: JobFile | undefined;
	/** Whether another try may help; `after`: once the job with this title has ended. */
	readonly anotherTry: "offered" | "no" | { readonly after: string };
}

const STATES = {
	waiting: "Waiting",
	running: "Running",
	done: "Done",
	failed: "Failed",
	cancelled: "Cancelled",
} as const satisfies Record<Job["state"], string>;

export function stateOf(job: Job): string {
	return job.isCancelling && !hasEnded(job) ? "Being cancelled" : STATES[job.state];
}

/** How much is done: "312,000 of about 1,000,000 links". */
export function amountOf({ job: { done, total, state }, unit }: ShownJob): string {
	return total === null || state === "done"
		? `${done.toLocaleString("en")} ${unit}`
		: `${done.toLocaleString("en")} of about ${Math.max(done, total).toLocaleString("en")} ${unit}`;
}

export interface JobPage {
	readonly shown: OpenedJob;
	/** Whether the page opens itself again while the job runs. */
	readonly reloads: boolean;
	/** What its kind shows besides. */
	readonly section: Markup;
	readonly message: Markup;
	readonly zone: InZone;
	readonly csrf: string;
}

/** The page of one job. It needs no script: while the job runs, the browser opens it again by itself. */
export function jobPage(page: JobPage): Markup {
	const { shown, section, message } = page;
	const { job, title } = shown;
	return html`${pageHead(title, `Started by ${job.by}.`)}${message}${problemOf(shown)}${hasEnded(job) ? "" : reloading(page)}
<article class="card" data-state="${job.state}">${progress(shown)}${facts(page)}${actions(page)}</article>${section}`;
}

/** Nothing to do for the operator while a job waits: the sentence says who does what next. */
function reloading({ shown: { job }, reloads }: JobPage): Markup {
	const { job: path } = jobPaths(job.id);
	return reloads
		? html`<p class="help lead">This page reloads every 5 seconds. You can leave it: the job goes on. <a href="${path}?reload=no">Stop reloading</a></p>`
		: html`<p class="help lead">This page does not reload by itself. You can leave it: the job goes on. <a href="${path}">Reload every 5 seconds</a></p>`;
}

function progress(shown: ShownJob): Markup {
	const { done, total, state } = shown.job;
	const amount = amountOf(shown);
	if (hasEnded(shown.job)) {
		const outcome = shown.outcome === undefined ? "" : html`<p>${shown.outcome}</p>`;
		return html`<p><strong>${STATES[state]}.</strong> ${amount}</p>${outcome}`;
	}
	const bar =
		total === null || total === 0
			? html`<progress aria-label="Progress"></progress>`
			: html`<progress aria-label="Progress" max="${Math.max(done, total)}" value="${done}">${amount}</progress>`;
	return html`<p><strong>${stateOf(shown.job)}.</strong> ${amount}</p>${bar}`;
}

function facts({ shown: { job }, zone }: JobPage): Markup {
	const time = (label: string, at: number | null): Markup | string =>
		at === null ? "" : html`<dt>${label}</dt><dd>${moment(at, zone)}</dd>`;
	const times = hasEnded(job)
		? time("Ended", job.endedAt)
		: time("Last step", job.startedAt && job.at);
	const node = job.node === null ? "" : html`<dt>Node</dt><dd>${job.node}</dd>`;
	return html`<dl>${time("Created", job.createdAt)}${time("Begun", job.startedAt)}${times}${node}</dl>`;
}

function problemOf({ job: { state, problem, tries }, anotherTry }: OpenedJob): Markup {
	if (problem === null || state === "cancelled") {
		return html``;
	}
	if (tries === 0) {
		return notice(
			`The job waits: ${sentence(problem)} The helpdesk goes on with it by itself, within a minute after the cause is gone.`,
			true,
		);
	}
	if (state !== "failed") {
		const tried = `The last step failed: ${sentence(problem)} The helpdesk tries it again within seconds.`;
		return notice(tried, true);
	}
	if (anotherTry === "no") {
		return notice(
			`The job stopped: ${sentence(problem)} What was done before stays. Another try would not help.`,
			true,
		);
	}
	const next =
		anotherTry === "offered"
			? "Remove the cause, and choose Try again: the job goes on where it stopped."
			: `Another job has taken its place: “${anotherTry.after}”. Once that has ended, this page offers to try again.`;
	return notice(
		`The job stopped, because a step failed ${tries} times: ${sentence(problem)} What was done before stays. ${next}`,
		true,
	);
}

function sentence(problem: string): string {
	return /[.!?]$/.test(problem) ? problem : `${problem}.`;
}

function actions({ shown: { job, file, anotherTry }, csrf, zone }: JobPage): Markup {
	const paths = jobPaths(job.id);
	const form = (action: string, label: string): Markup =>
		html`<form method="post" action="${action}">${csrfField(csrf)}<button class="secondary" type="submit">${label}</button></form>`;
	const buttons = [
		file?.isThere ? html`<a href="${paths.file}">Download</a>` : undefined,
		anotherTry === "offered" ? form(paths.again, "Try again") : undefined,
		hasEnded(job) || job.isCancelling ? undefined : form(paths.cancel, "Cancel"),
	].filter((button) => button !== undefined);
	const until =
		file === undefined
			? ""
			: html`<p class="help">${file.isThere ? html`Kept until ${moment(file.until, zone)}.` : file.gone}</p>`;
	return html`${until}${buttons.length === 0 ? "" : html`<div class="actions answer">${buttons}</div>`}`;
}
