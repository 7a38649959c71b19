import { html } from "hono/html";
import type { JobFile } from "../../../jobs/job-kind.ts";
import { hasEnded } from "../../../jobs/stored-job.ts";
import { asSentence } from "../../../locale/as-sentence.ts";
import type { Locale, TextKey } from "../../../locale/locale.ts";
import type { Said } from "../../../locale/said.ts";
import type { InZone } from "../../../locale/shown-time.ts";
import { saidAgain } from "../../../locale/stored-message.ts";
import { csrfField, type Markup, notice } from "../../layout.ts";
import { pageHead } from "../page-head.ts";
import { jobPaths } from "../paths.ts";
import { moment } from "../sign-ins/sign-ins-page.ts";
import { amountOf, type ShownJob, starterOf, stateOf } from "./job-words.ts";

/** A job on its page. */
interface OpenedJob extends ShownJob {
	readonly file: JobFile | undefined;
	/** Whether another try may help; `after`: once the job with this title has ended. */
	readonly anotherTry: "offered" | "no" | { readonly after: Said };
}

export interface JobPage {
	readonly shown: OpenedJob;
	/** Whether the page opens itself again while the job runs. */
	readonly reloads: boolean;
	/** What its kind shows besides. */
	readonly section: Markup;
	readonly message: Markup;
	readonly zone: InZone;
	/** The language of the operator. */
	readonly locale: Locale;
	readonly csrf: string;
}

/** The page of one job. It needs no script: while the job runs, the browser opens it again by itself. */
export function jobPage(page: JobPage): Markup {
	const { shown, section, message, locale } = page;
	const { job } = shown;
	const lead = locale.text("job.by", { by: starterOf(job, locale) });
	return html`${pageHead(locale.say(shown.title), lead)}${message}${problemOf(shown, locale)}${hasEnded(job) ? "" : reloading(page)}
<article class="card" data-state="${job.state}">${progress(shown, locale)}${facts(page)}${actions(page)}</article>${section}`;
}

/** Nothing to do for the operator while a job waits: the sentence says who does what next. */
function reloading({ shown: { job }, reloads, locale: { markup } }: JobPage): Markup {
	const { job: path } = jobPaths(job.id);
	const link = (content: Markup): Markup =>
		html`<a href="${reloads ? `${path}?reload=no` : path}">${content}</a>`;
	const sentences = markup(reloads ? "job.reloads" : "job.stays", {}, { link });
	return html`<p class="help lead">${sentences}</p>`;
}

function progress(shown: ShownJob, locale: Locale): Markup {
	const { done, total } = shown.job;
	const amount = amountOf(shown, locale);
	const summary = locale.markup(
		"job.summary",
		{ state: stateOf(shown.job, locale), amount },
		{ strong: (content) => html`<strong>${content}</strong>` },
	);
	if (hasEnded(shown.job)) {
		const outcome = shown.outcome === undefined ? "" : html`<p>${locale.say(shown.outcome)}</p>`;
		return html`<p>${summary}</p>${outcome}`;
	}
	const label = locale.text("job.progress");
	const bar =
		total === null || total === 0
			? html`<progress aria-label="${label}"></progress>`
			: html`<progress aria-label="${label}" max="${Math.max(done, total)}" value="${done}">${amount}</progress>`;
	return html`<p>${summary}</p>${bar}`;
}

function facts({ shown: { job }, zone, locale: { text } }: JobPage): Markup {
	const time = (label: TextKey, at: number | null): Markup | string =>
		at === null ? "" : html`<dt>${text(label)}</dt><dd>${moment(at, zone)}</dd>`;
	const times = hasEnded(job)
		? time("job.ended", job.endedAt)
		: time("job.last-step", job.startedAt && job.at);
	const node = job.node === null ? "" : html`<dt>${text("job.node")}</dt><dd>${job.node}</dd>`;
	return html`<dl>${time("job.created", job.createdAt)}${time("job.begun", job.startedAt)}${times}${node}</dl>`;
}

function problemOf({ job, anotherTry }: OpenedJob, locale: Locale): Markup {
	const { state, tries } = job;
	if (job.problem === null || state === "cancelled") {
		return html``;
	}
	const { text } = locale;
	const problem = asSentence(locale.say(saidAgain(job.problemSaid, job.problem)));
	if (tries === 0) {
		return notice(text("job.waits", { problem }), true);
	}
	if (state !== "failed") {
		return notice(text("job.tries", { problem }), true);
	}
	if (anotherTry === "no") {
		return notice(text("job.hopeless", { problem }), true);
	}
	const next =
		anotherTry === "offered"
			? text("job.failed.try-again")
			: text("job.failed.replaced", { job: locale.say(anotherTry.after) });
	return notice(`${text("job.failed", { tries, problem })} ${next}`, true);
}

function actions({ shown: { job, file, anotherTry }, csrf, zone, locale }: JobPage): Markup {
	const { text, markup } = locale;
	const paths = jobPaths(job.id);
	const form = (action: string, label: TextKey): Markup =>
		html`<form method="post" action="${action}">${csrfField(csrf)}<button class="secondary" type="submit">${text(label)}</button></form>`;
	const buttons = [
		file?.isThere ? html`<a href="${paths.file}">${text("job.download")}</a>` : undefined,
		anotherTry === "offered" ? form(paths.again, "job.try-again") : undefined,
		hasEnded(job) || job.isCancelling ? undefined : form(paths.cancel, "job.cancel"),
	].filter((button) => button !== undefined);
	const until =
		file === undefined
			? ""
			: html`<p class="help">${file.isThere ? markup("job.kept-until", { time: moment(file.until, zone) }) : locale.say(file.gone)}</p>`;
	return html`${until}${buttons.length === 0 ? "" : html`<div class="actions answer">${buttons}</div>`}`;
}
