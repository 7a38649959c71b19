import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { Duties } from "../../../jobs/duties.ts";
import { hasEnded, type Job } from "../../../jobs/stored-job.ts";
import type { TextKey } from "../../../locale/locale.ts";
import { type Markup, notice } from "../../layout.ts";
import { reloadHeader } from "../../reloading.ts";
import { field } from "../../visit.ts";
import type { AdminContext, ShowPage } from "../admin-pages.ts";
import { pageOrFirst, withQuery } from "../list-pager.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS, jobPaths } from "../paths.ts";
import { jobPage } from "./job-page.ts";
import type { ShownJob } from "./job-words.ts";
import { type JobOffer, jobsPage } from "./jobs-page.ts";
import { type JobStarters, startJob, waitAMoment } from "./start-job.ts";

/** How soon the page of a job that runs opens itself again. Seconds. */
const RELOADS_AFTER = 5;

/** What the page of a job shows besides its progress. */
export type JobSection = (c: AdminContext, job: Job) => Markup | Promise<Markup>;

export interface JobPageParts extends JobStarters {
	readonly duties: Duties;
	readonly brands: readonly Brand[];
	/** By the type of the kind. */
	readonly sections: ReadonlyMap<string, JobSection>;
	/** The jobs that the list offers to start. */
	readonly offers: readonly JobOffer[];
	readonly show: ShowPage;
}

const NOTICES: ReadonlyMap<string, TextKey> = new Map<string, TextKey>([
	["too-many", "jobs.too-many"],
	["under-way", "jobs.under-way"],
	["other", "jobs.other"],
]);

/** The jobs of the helpdesk. Their files are served by another route. */
export function jobRoutes(app: OperatorApp, parts: JobPageParts): void {
	const any = jobPaths(":id");
	app.get(ADMIN_PATHS.jobs, (c) => listJobs(c, parts));
	app.post(ADMIN_PATHS.jobs, (c) => startOffered(c, parts));
	app.get(any.job, async (c) => {
		const job = await jobIn(c, parts);
		return job === undefined ? c.notFound() : showJob(c, parts, job);
	});
	app.post(any.cancel, async (c) => {
		const job = await jobIn(c, parts);
		if (job === undefined) {
			return c.notFound();
		}
		await parts.jobs.cancel(job.id);
		await waitAMoment(parts, job.id);
		return c.redirect(jobPaths(job.id).job, 303);
	});
	app.post(any.again, async (c) => {
		const job = await jobIn(c, parts);
		return job === undefined ? c.notFound() : tryAgain(c, parts, job);
	});
}

async function listJobs(c: AdminContext, parts: JobPageParts): Promise<Response> {
	const { jobs, duties, offers, brands, show } = parts;
	const [{ after, page }, states] = await Promise.all([
		pageOrFirst(c.req.query("after"), (cursor) => jobs.page(cursor)),
		duties.states(),
	]);
	const rows = page.jobs.map((job): ShownJob => ({ ...jobs.describe(job), job }));
	const shown = { rows, next: page.next, isFirst: after === undefined };
	const zone = brands[0] ?? {};
	const { csrf, locale } = c.var.visit;
	const list = { jobs: shown, duties: states, offers, zone, locale, csrf };
	return show(c, locale.text("jobs.title"), jobsPage({ ...list, message: noticeIn(c) }));
}

async function startOffered(c: AdminContext, parts: JobPageParts): Promise<Response> {
	const type = field(c.var.visit.form, "type");
	const offer = parts.offers.find((each) => each.type === type);
	if (offer === undefined) {
		return c.notFound();
	}
	const started = await startJob(c, parts, offer.type, offer.params);
	return started instanceof Response ? started : c.redirect(jobPaths(started.id).job, 303);
}

async function showJob(c: AdminContext, parts: JobPageParts, job: Job): Promise<Response> {
	const { jobs, brands, sections, show } = parts;
	const reloads = c.req.query("reload") !== "no";
	if (reloads && !hasEnded(job)) {
		c.header(...reloadHeader(jobPaths(job.id).job, RELOADS_AFTER));
	}
	const mayHelp = await jobs.canTryAgain(job);
	const other = mayHelp ? await jobs.inTheWayOf(job) : undefined;
	const anotherTry = other ? { after: jobs.describe(other).title } : mayHelp ? "offered" : "no";
	const shown = { ...jobs.describe(job), job, anotherTry, file: await jobs.fileOf(job) } as const;
	const section = (await sections.get(job.type)?.(c, job)) ?? html``;
	const { csrf, locale } = c.var.visit;
	const zone = brands[0] ?? {};
	const page = { shown, reloads, section, message: noticeIn(c), zone, locale, csrf };
	return show(c, locale.say(shown.title), jobPage(page));
}

async function tryAgain(c: AdminContext, parts: JobPageParts, job: Job): Promise<Response> {
	const started = await parts.jobs.again(job.id);
	if (started.kind === "too-many") {
		return c.redirect(withQuery(ADMIN_PATHS.jobs, { notice: "too-many" }), 303);
	}
	if (started.kind === "started") {
		await waitAMoment(parts, job.id);
	}
	const isOther = started.id !== job.id;
	const { job: path } = jobPaths(started.id);
	return c.redirect(isOther ? withQuery(path, { notice: "other" }) : path, 303);
}

function jobIn(c: AdminContext, { jobs }: JobPageParts): Promise<Job | undefined> {
	const id = c.req.param("id") ?? "";
	return /^[a-z0-9-]{1,100}$/.test(id) ? jobs.find(id) : Promise.resolve(undefined);
}

function noticeIn(c: AdminContext): Markup {
	const key = NOTICES.get(c.req.query("notice") ?? "");
	return key === undefined ? html`` : notice(c.var.visit.locale.text(key), true);
}
