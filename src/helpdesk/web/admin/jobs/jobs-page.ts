import { html } from "hono/html";
import type { StorageValue } from "../../../../contract/storage.ts";
import type { DutyState } from "../../../jobs/duties.ts";
import type { InZone } from "../../../locale/shown-time.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { pager, type RowsShown, withQuery } from "../list-pager.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS, jobPaths } from "../paths.ts";
import { moment } from "../sign-ins/sign-ins-page.ts";
import { dutyWords } from "./duty-words.ts";
import { amountOf, type ShownJob, stateOf } from "./job-page.ts";

/** A job that operators can start from the list. */
export interface JobOffer {
	readonly type: string;
	readonly params: StorageValue;
	/** On the button. */
	readonly label: string;
	/** When to press it, as a sentence. */
	readonly help: string;
}

const LEAD =
	"What takes longer than a page, the newest first. A job goes on when you leave its page, and when a node of the helpdesk ends. Jobs are kept for 30 days.";

/** The list of jobs, the newest first, and what the helpdesk does again and again. */
export function jobsPage(page: {
	readonly jobs: RowsShown<ShownJob>;
	readonly duties: readonly DutyState[];
	readonly offers: readonly JobOffer[];
	readonly zone: InZone;
	readonly csrf: string;
	readonly message: Markup;
}): Markup {
	const { jobs, duties, offers, zone, csrf, message } = page;
	const first = jobs.isFirst ? undefined : ADMIN_PATHS.jobs;
	const next = jobs.next && withQuery(ADMIN_PATHS.jobs, { after: jobs.next });
	const list =
		jobs.rows.length === 0
			? html`<p>No jobs.</p>`
			: html`<table><thead><tr><th scope="col">Job</th><th scope="col">Status</th><th scope="col">Started by</th></tr></thead><tbody>${jobs.rows.map((shown) => row(shown, zone))}</tbody></table>`;
	return html`${pageHead("Jobs", LEAD)}${message}${list}${pager({ label: "Pages", first, next })}${offers.map((offer) => offerForm(offer, csrf))}${dutyList(duties, zone)}`;
}

function row(shown: ShownJob, zone: InZone): Markup {
	const { job, title } = shown;
	const path = jobPaths(job.id).job;
	return html`<tr><td><a href="${path}">${title}</a></td><td>${stateOf(job)}<br><span class="soft">${amountOf(shown)}</span></td><td>${job.by}<br><span class="soft">${moment(job.createdAt, zone)}</span></td></tr>`;
}

function offerForm({ type, label, help }: JobOffer, csrf: string): Markup {
	return html`<h2>${label}</h2><form class="card" method="post" action="${ADMIN_PATHS.jobs}">${csrfField(csrf)}<input type="hidden" name="type" value="${type}"><p>${help}</p><button class="secondary" type="submit">${label}</button></form>`;
}

function dutyList(duties: readonly DutyState[], zone: InZone): Markup {
	if (duties.length === 0) {
		return html``;
	}
	const items = duties.map(({ name, at, said, problem }) => {
		const when = at === undefined ? "Not yet" : moment(at, zone);
		const what = problem === undefined ? said : html`<span class="problem">${problem}</span>`;
		return html`<li><strong>${dutyWords(name)}</strong><span>${when}${what === undefined ? "" : html`<br>${what}`}</span></li>`;
	});
	return html`<h2>Regular work</h2><p class="help lead">The helpdesk does these by itself, on one node at a time.</p><div class="card"><ul class="checks">${items}</ul></div>`;
}
