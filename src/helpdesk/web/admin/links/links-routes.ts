import type { Brand } from "../../../../contract/brands.ts";
import { isActive } from "../../../add-ons/add-on.ts";
import type { AddOns } from "../../../add-ons/add-ons.ts";
import { EXPORT_LINKS, type ExportParams } from "../../../add-ons/jobs/export-links.ts";
import { IMPORT_LINKS, importName } from "../../../add-ons/jobs/import-links.ts";
import type { ImportParams } from "../../../add-ons/jobs/import-params.ts";
import { type ExportParts, exportedLinks } from "../../../add-ons/link-export.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import { LinkFileReader } from "../../../files/link-file.ts";
import type { StagedFiles } from "../../../files/staged-files.ts";
import type { Job } from "../../../jobs/stored-job.ts";
import type { Accounts } from "../../../people/accounts.ts";
import { notice } from "../../layout.ts";
import { field } from "../../visit.ts";
import type { AdminContext, ShowPage } from "../admin-pages.ts";
import { sendCsv } from "../csv.ts";
import type { DoneMessage } from "../done-message.ts";
import { problemWith } from "../form-fields.ts";
import { type JobStarters, startJob } from "../jobs/start-job.ts";
import { withQuery } from "../list-pager.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS, ANY_PLUGIN, integrationPaths, jobPaths } from "../paths.ts";
import { settingsCrumb } from "../settings/settings-crumb.ts";
import { deleteFileRoutes } from "./delete-file-routes.ts";
import { importReport, type ReportParts } from "./import-report.ts";
import { type LinksPage, linksPage } from "./links-page.ts";
import { resultsFile } from "./results-file.ts";
import { keptIn, type SentList, sentList } from "./sent-list.ts";

export interface LinkRouteParts extends ExportParts, ReportParts, JobStarters {
	readonly brands: readonly Brand[];
	readonly accounts: Accounts;
	readonly addOns: AddOns;
	readonly files: StagedFiles;
	readonly show: ShowPage;
	readonly doneMessage: DoneMessage;
}

/** Browsers need half a minute for a text field of 50,000 lines. A longer text is not shown again. */
const MAX_TEXT = 64 * 1024;

const { links: LINKS, linksExport: EXPORT, exportJob: EXPORT_JOB } = integrationPaths(ANY_PLUGIN);

/** Imports links from another log-in, and exports links. */
export function linkRoutes(app: OperatorApp, parts: LinkRouteParts): void {
	// A deactivated plugin still has its data, so its links can be exported.
	app.get(EXPORT, async (c) => {
		const { plugin } = c.var.addOn;
		const wanted = wantedBrands(parts, c.req.query("brand"));
		if (!plugin.can("exportLinks") || wanted.length === 0) {
			return c.notFound();
		}
		const file = exportedLinks(wanted, plugin, parts);
		return sendCsv(c, `${plugin.loaded.manifest.id}-links.csv`, file);
	});
	app.post(EXPORT_JOB, async (c) => {
		const { plugin } = c.var.addOn;
		const wanted = wantedBrands(parts, field(c.var.visit.form, "brand") || undefined);
		if (!plugin.can("exportLinks") || wanted.length === 0) {
			return c.notFound();
		}
		const brandIds = wanted.map(({ id }) => id);
		const params: ExportParams = { addOn: plugin.loaded.manifest.id, brandIds };
		const started = await startJob(c, parts, EXPORT_LINKS, params);
		return started instanceof Response ? started : c.redirect(jobPaths(started.id).job, 303);
	});
	app.use(LINKS, async (c, next) => {
		const { addOn } = c.var;
		if (!addOn.plugin.can("importLinks")) {
			return c.notFound();
		}
		return isActive(addOn) ? next() : c.redirect(ADMIN_PATHS.integrations, 303);
	});
	app.get(LINKS, async (c) => {
		const kept = await parts.lists.known(c.req.query("kept") ?? "");
		const message = await parts.doneMessage(c);
		return showLinks(c, parts, { kept, brandId: c.req.query("brand"), message });
	});
	app.post(LINKS, async (c) => importLinks(c, parts));
	deleteFileRoutes(app, parts);
}

function wantedBrands({ brands }: LinkRouteParts, asked: string | undefined): readonly Brand[] {
	return brands.filter(({ id }) => asked === undefined || id === asked);
}

async function showLinks(
	c: AdminContext,
	{ brands, show, jobs }: LinkRouteParts,
	shown: Partial<Pick<LinksPage, "brandId" | "text" | "kept" | "report" | "message" | "problems">>,
	status = 200,
): Promise<Response> {
	const { plugin } = c.var.addOn;
	const { id, name } = plugin.loaded.manifest;
	const { csrf, locale } = c.var.visit;
	const underWay = (await jobs.underWay(importName(id)))?.id;
	const page = linksPage({ plugin, brands, locale, csrf, underWay, ...shown });
	return show(
		c,
		{ title: locale.text("links.title", { name }), trail: [settingsCrumb(plugin, locale)] },
		page,
		status,
	);
}

async function importLinks(c: AdminContext, parts: LinkRouteParts): Promise<Response> {
	const { brands, jobs, lists } = parts;
	const { plugin } = c.var.addOn;
	const { id: addOn, linkFile } = plugin.loaded.manifest;
	const underWay = await jobs.underWay(importName(addOn));
	if (underWay !== undefined) {
		await c.var.visit.arriving?.drain();
		return c.redirect(withQuery(jobPaths(underWay.id).job, { notice: "other" }), 303);
	}
	const reader = new LinkFileReader({ linkFile, brands, brandId: "" });
	const sent = await sentList(c, lists, reader, parts.addOns.unchanged(c.var.addOn));
	if ("sentence" in sent) {
		return refuse(c, parts, { problems: problemWith(sent.field, sent.sentence) });
	}
	const { text } = c.var.visit.locale;
	// The button beside results says how many parts were tried. Somebody may have added to the list since.
	const tried = field(sent.form, "parts");
	if (tried !== undefined && tried !== String(sent.file.parts)) {
		return refuse(c, parts, { message: notice(text("links.import.grown"), true) });
	}
	const brandId = brands.find(({ id }) => id === field(sent.form, "brand"))?.id;
	return brandId === undefined
		? refuse(c, parts, { problems: problemWith("brand", text("links.import.brand-missing")) })
		: runImport(c, parts, plugin, sent, brandId);
}

async function refuse(
	c: AdminContext,
	parts: LinkRouteParts,
	why: Pick<LinksPage, "message" | "problems">,
): Promise<Response> {
	const { form } = c.var.visit;
	const text = shownText(field(form, "links") ?? "");
	const kept = await parts.lists.known(keptIn(form) ?? "");
	return showLinks(c, parts, { brandId: field(form, "brand"), text, kept, ...why }, 400);
}

async function runImport(
	c: AdminContext,
	parts: LinkRouteParts,
	plugin: PluginHooks,
	{ file, form }: SentList,
	brandId: string,
): Promise<Response> {
	const action = field(form, "action");
	const { id, parts: count, rows, names } = file;
	const params: ImportParams = {
		...{ addOn: plugin.loaded.manifest.id, fileId: id, fileName: names.join(", ").slice(0, 200) },
		...{ parts: count, rows, brandId, mode: action === "import" ? "import" : "try" },
	};
	const job = await startJob(c, parts, IMPORT_LINKS, params);
	if (job instanceof Response) {
		return job;
	}
	if (action === "download") {
		return sendResults(c, parts, plugin, job);
	}
	const report = await importReport(parts, plugin, job);
	// The next button goes on with the list that was tried. A text would come before it.
	return showLinks(c, parts, { brandId, kept: file, report });
}

async function sendResults(
	c: AdminContext,
	parts: LinkRouteParts,
	plugin: PluginHooks,
	job: Job,
): Promise<Response> {
	const file = resultsFile(parts, plugin, job, c.var.visit.locale.tag);
	return sendCsv(c, `${plugin.loaded.manifest.id}-import.csv`, file);
}

function shownText(text: string): string {
	return text.length > MAX_TEXT ? "" : text;
}
