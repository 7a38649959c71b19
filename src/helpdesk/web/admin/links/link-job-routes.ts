import { html } from "hono/html";
import { readEntry } from "../../../../storage/stored-value.ts";
import type { AddOns } from "../../../add-ons/add-ons.ts";
import { EXPORT_LINKS, exportedFileOf } from "../../../add-ons/jobs/export-links.ts";
import { IMPORT_LINKS, isFileThere } from "../../../add-ons/jobs/import-links.ts";
import { IMPORT_OUTCOME } from "../../../add-ons/jobs/import-outcome.ts";
import { IMPORT_PARAMS } from "../../../add-ons/jobs/import-params.ts";
import type { StagedFiles } from "../../../files/staged-files.ts";
import type { Jobs } from "../../../jobs/jobs.ts";
import { hasEnded, type Job } from "../../../jobs/stored-job.ts";
import type { Markup } from "../../layout.ts";
import type { AdminContext } from "../admin-pages.ts";
import { sendCsv } from "../csv.ts";
import type { JobSection } from "../jobs/jobs-routes.ts";
import { withQuery } from "../list-pager.ts";
import type { OperatorApp } from "../operator-area.ts";
import { integrationPaths, jobPaths } from "../paths.ts";
import { deleteFileForm } from "./delete-file-form.ts";
import { importReport, type ReportParts } from "./import-report.ts";
import { importTried, keptSentence } from "./links-page.ts";
import { reportSection } from "./report-section.ts";
import { resultsFile } from "./results-file.ts";

export interface LinkJobParts extends ReportParts {
	readonly jobs: Pick<Jobs, "find">;
	readonly addOns: Pick<AddOns, "find">;
	readonly files: StagedFiles;
}

/** A file of a job, piece by piece. */
interface JobFile {
	readonly name: string;
	readonly pieces: AsyncGenerator<string>;
}

/** The files that jobs have written. Every node has them, because they lie in the storage. */
export function jobFileRoutes(app: OperatorApp, parts: LinkJobParts): void {
	app.get(jobPaths(":id").file, async (c) => {
		const id = c.req.param("id");
		const job = /^[a-z0-9-]{1,100}$/.test(id) ? await parts.jobs.find(id) : undefined;
		const file = job && (await fileOf(parts, job, c.var.visit.locale.tag));
		return file === undefined ? c.notFound() : sendCsv(c, file.name, file.pieces);
	});
}

/** What the page of a job shows besides its progress. */
export function linkJobSections(parts: LinkJobParts): ReadonlyMap<string, JobSection> {
	return new Map([
		[IMPORT_LINKS, (c, job) => importSection(c, parts, job)],
		[EXPORT_LINKS, (c, job) => exportSection(c, parts, job)],
	]);
}

async function fileOf(parts: LinkJobParts, job: Job, tag: string): Promise<JobFile | undefined> {
	if (job.type === EXPORT_LINKS) {
		const file = await parts.files.find(exportedFileOf(job.result) ?? "");
		return file && { name: file.names[0] ?? "links.csv", pieces: parts.files.texts(file) };
	}
	const outcome =
		job.type === IMPORT_LINKS && job.result !== null ? IMPORT_OUTCOME.read(job.result) : undefined;
	if (outcome?.isComplete !== true) {
		return undefined;
	}
	const { addOn, fileId } = readEntry({ value: job.params }, IMPORT_PARAMS);
	const plugin = (await parts.addOns.find(addOn))?.plugin;
	const found = { links: parts.lists, results: parts.importResults };
	return plugin !== undefined && (await isFileThere(found, outcome, fileId))
		? { name: `${addOn}-import.csv`, pieces: resultsFile(parts, plugin, job, tag) }
		: undefined;
}

async function exportSection(c: AdminContext, { files }: LinkJobParts, job: Job): Promise<Markup> {
	const file = await files.find(exportedFileOf(job.result) ?? "");
	return file === undefined ? html`` : deleteFileForm(file, c.var.visit.csrf, c.var.visit.locale);
}

async function importSection(c: AdminContext, parts: LinkJobParts, job: Job): Promise<Markup> {
	if (!hasEnded(job)) {
		return html``;
	}
	const { addOn, fileId, brandId } = readEntry({ value: job.params }, IMPORT_PARAMS);
	const plugin = (await parts.addOns.find(addOn))?.plugin;
	const report = plugin && (await importReport(parts, plugin, job, c.req.query("rows")));
	const { csrf, locale } = c.var.visit;
	const file = await parts.lists.known(fileId);
	const list = withQuery(integrationPaths(addOn).links, { kept: fileId, brand: brandId });
	const kept =
		file === undefined
			? ""
			: html`<p class="help">${keptSentence(file, locale)} <a href="${list}">${locale.text("links.kept.again")}</a></p>${deleteFileForm(file, csrf, locale)}`;
	const goOn =
		report !== undefined && file !== undefined && job.state === "done"
			? importTried(report, csrf, locale)
			: html``;
	return html`${report === undefined ? "" : reportSection(report, { brands: parts.brands, locale }, goOn, false)}${kept}`;
}
