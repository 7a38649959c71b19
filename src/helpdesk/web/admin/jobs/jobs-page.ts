import { html } from "hono/html";
import type { StorageValue } from "../../../../contract/storage.ts";
import type { DutyState } from "../../../jobs/duties.ts";
import type { Locale, TextKey } from "../../../locale/locale.ts";
import type { InZone } from "../../../locale/shown-time.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { pager, type RowsShown, withQuery } from "../list-pager.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS, jobPaths } from "../paths.ts";
import { moment } from "../sign-ins/sign-ins-page.ts";
import { dutyWords } from "./duty-words.ts";
import { amountOf, type ShownJob, starterOf, stateOf } from "./job-words.ts";

/** A job that operators can start from the list. */
export interface JobOffer {
	readonly type: string;
	readonly params: StorageValue;
	/** On the button. */
	readonly label: TextKey;
	/** When to press it. */
	readonly help: TextKey;
}

/** The list of jobs, the newest first, and what the helpdesk does again and again. */
export function jobsPage(page: {
	readonly jobs: RowsShown<ShownJob>;
	readonly duties: readonly DutyState[];
	readonly offers: readonly JobOffer[];
	readonly zone: InZone;
	/** The language of the operator. */
	readonly locale: Locale;
	readonly csrf: string;
	readonly message: Markup;
}): Markup {
	const { jobs, duties, offers, zone, locale, csrf, message } = page;
	const { text } = locale;
	const first = jobs.isFirst ? undefined : ADMIN_PATHS.jobs;
	const next = jobs.next && withQuery(ADMIN_PATHS.jobs, { after: jobs.next });
	const list =
		jobs.rows.length === 0
			? html`<p>${text("jobs.none")}</p>`
			: html`<table><thead><tr><th scope="col">${text("jobs.column.job")}</th><th scope="col">${text("jobs.column.status")}</th><th scope="col">${text("jobs.column.by")}</th></tr></thead><tbody>${jobs.rows.map((shown) => row(shown, zone, locale))}</tbody></table>`;
	const pages = pager({ label: text("jobs.pages"), first, next, locale });
	return html`${pageHead(text("jobs.title"), text("jobs.lead"))}${message}${list}${pages}${offers.map((offer) => offerForm(offer, csrf, locale))}${dutyList(duties, zone, locale)}`;
}

function row(shown: ShownJob, zone: InZone, locale: Locale): Markup {
	const { job, title } = shown;
	const path = jobPaths(job.id).job;
	return html`<tr><td><a href="${path}">${locale.say(title)}</a></td><td>${stateOf(job, locale)}<br><span class="soft">${amountOf(shown, locale)}</span></td><td>${starterOf(job, locale)}<br><span class="soft">${moment(job.createdAt, zone)}</span></td></tr>`;
}

function offerForm({ type, label, help }: JobOffer, csrf: string, { text }: Locale): Markup {
	return html`<h2>${text(label)}</h2><form class="card" method="post" action="${ADMIN_PATHS.jobs}">${csrfField(csrf)}<input type="hidden" name="type" value="${type}"><p>${text(help)}</p><button class="secondary" type="submit">${text(label)}</button></form>`;
}

function dutyList(duties: readonly DutyState[], zone: InZone, locale: Locale): Markup {
	const { text } = locale;
	if (duties.length === 0) {
		return html``;
	}
	const items = duties.map(({ name, at, said, problem }) => {
		const when = at === undefined ? text("jobs.regular.not-yet") : moment(at, zone);
		const done = said === undefined ? undefined : locale.say(said);
		const what =
			problem === undefined ? done : html`<span class="problem">${locale.say(problem)}</span>`;
		return html`<li><strong>${dutyWords(name, locale)}</strong><span>${when}${what === undefined ? "" : html`<br>${what}`}</span></li>`;
	});
	return html`<h2>${text("jobs.regular.title")}</h2><p class="help lead">${text("jobs.regular.lead")}</p><div class="card"><ul class="checks">${items}</ul></div>`;
}
