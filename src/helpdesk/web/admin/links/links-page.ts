import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import { textsOf } from "../../../add-ons/plugin-texts.ts";
import { idColumns } from "../../../files/link-file.ts";
import type { FoundFile } from "../../../files/staged-files.ts";
import type { Locale } from "../../../locale/locale.ts";
import type { MarkupTags } from "../../../locale/markup-message.ts";
import { csrfField, type Markup } from "../../layout.ts";
import {
	fieldProblem,
	fieldTraits,
	NO_PROBLEMS,
	type Problems,
	problemSummary,
} from "../form-fields.ts";
import { pageHead } from "../page-head.ts";
import { atBrand, integrationPaths, jobPaths } from "../paths.ts";
import { deleteFileForm } from "./delete-file-form.ts";
import type { ImportReport } from "./import-report.ts";
import { linkable, reportSection } from "./report-section.ts";

export interface LinksPage {
	readonly plugin: PluginHooks;
	readonly brands: readonly Brand[];
	/** The language of the operator. */
	readonly locale: Locale;
	readonly csrf: string;
	/** What was typed stays in the form. */
	readonly brandId?: string | undefined;
	readonly text?: string;
	/** The list that is used while no other one is given. */
	readonly kept?: FoundFile | undefined;
	readonly report?: ImportReport | undefined;
	/** The id of the job that imports links now. */
	readonly underWay?: string | undefined;
	readonly message?: Markup;
	/** What is wrong with fields of the import. */
	readonly problems?: Problems;
}

/** What programs read stands in texts as it is in files. */
const CODE: MarkupTags = { code: (content) => html`<code>${content}</code>` };

export function linksPage(page: LinksPage): Markup {
	const { plugin, locale, csrf, report, underWay, message = html``, problems = NO_PROBLEMS } = page;
	const { text, markup } = locale;
	const { name } = plugin.loaded.manifest;
	const job =
		underWay === undefined
			? ""
			: html`<p class="notice">${markup(
					"links.under-way",
					{},
					{ link: (content) => html`<a href="${jobPaths(underWay).job}">${content}</a>` },
				)}</p>`;
	return html`${pageHead(text("links.title", { name }), text("links.lead"))}${message}${problemSummary(problems)}${job}${report === undefined ? "" : reportSection(report, page, importTried(report, csrf, locale), true)}
<h2>${text("links.import.title")}</h2>${page.kept === undefined ? "" : keptList(page.kept, csrf, locale)}<div class="card"><p>${text("links.import.help", { name })}</p>
${importForm(page)}</div>
${plugin.can("exportLinks") ? exportSection(page) : ""}`;
}

/** Imports the list that was tried, as it was tried, whatever is in the form for lists. */
export function importTried(report: ImportReport, csrf: string, { text }: Locale): Markup {
	const { plugin, params } = report;
	const count = linkable(report);
	const { links } = integrationPaths(plugin.loaded.manifest.id);
	return count === 0
		? html``
		: html`<form method="post" action="${links}">${csrfField(csrf)}<input type="hidden" name="kept" value="${params.fileId}"><input type="hidden" name="parts" value="${params.parts}"><input type="hidden" name="brand" value="${params.brandId}"><button type="submit" name="action" value="import">${text("links.report.import", { count })}</button></form>`;
}

/** The proof and the brand come before the file: the list is stored while the file arrives. */
function importForm(page: LinksPage): Markup {
	const { plugin, brands, locale, csrf, brandId, kept, report, problems = NO_PROBLEMS } = page;
	const { text, markup } = locale;
	const { manifest } = plugin.loaded;
	const { links } = integrationPaths(manifest.id);
	const help =
		manifest.linkFile === undefined ? "" : textsOf(plugin, locale.tag)(manifest.linkFile.help);
	const [column = ""] = idColumns(manifest.linkFile);
	const options = brands.map(
		({ id, name }) =>
			html`<option value="${id}"${id === brandId ? html` selected` : ""}>${name}</option>`,
	);
	const tryIt =
		report === undefined
			? html`<button type="submit" name="action" value="try">${text("links.import.try")}</button>`
			: html`<button class="secondary" type="submit" name="action" value="try">${text("links.import.try-again")}</button>`;
	return html`<form method="post" action="${links}" enctype="multipart/form-data">${csrfField(csrf)}
${kept === undefined ? "" : keptFields(kept, locale)}<label for="brand">${text("links.import.brand")}</label><select id="brand" name="brand"${fieldTraits(problems, "brand", false)}>${options}</select>${fieldProblem(problems, "brand")}
<label for="links">${text("links.import.list")}</label><textarea class="data" id="links" name="links" rows="8" spellcheck="false" autocomplete="off"${fieldTraits(problems, "links", true)} placeholder="${column},email&#10;…">
${page.text ?? ""}</textarea>
<p class="help" id="links-help">${markup("links.import.list-help", { column }, CODE)} ${help}</p>${fieldProblem(problems, "links")}
<label for="file">${text("links.import.file")}</label><input id="file" name="file" type="file" accept=".csv,.tsv,.txt,text/csv"${fieldTraits(problems, "file", true)}>
<p class="help" id="file-help">${text("links.import.file-help")}</p>${fieldProblem(problems, "file")}
<div class="actions">${tryIt}</div>
<p class="help">${text("links.import.try-help")}</p></form>`;
}

export function keptSentence({ rows }: FoundFile, { text }: Locale): string {
	return text("links.kept", { rows });
}

/** Beside the form, because the button has a form of its own. */
function keptList(file: FoundFile, csrf: string, locale: Locale): Markup {
	return html`<div class="notice"><p>${keptSentence(file, locale)} ${locale.text("links.kept.use")}</p>${deleteFileForm(file, csrf, locale)}</div>`;
}

function keptFields({ id }: FoundFile, { text }: Locale): Markup {
	return html`<input type="hidden" name="kept" value="${id}"><label class="toggle"><input type="checkbox" name="add" value="on">${text("links.kept.add")}</label>
`;
}

function exportSection({ plugin, brands, locale, csrf }: LinksPage): Markup {
	const { text, markup } = locale;
	const { linksExport, exportJob } = integrationPaths(plugin.loaded.manifest.id);
	const links = brands.map(
		({ id, name }) => html`<li><a href="${atBrand(linksExport, id)}">${name}</a></li>`,
	);
	const options = brands.map(({ id, name }) => html`<option value="${id}">${name}</option>`);
	return html`<h2>${text("links.export.title")}</h2><div class="card"><p>${markup("links.export.help", {}, CODE)}</p>
<ul class="plain"><li><a href="${linksExport}">${text("links.export.all-brands")}</a></li>${links}</ul>
<form method="post" action="${exportJob}">${csrfField(csrf)}<label for="export-brand">${text("links.export.write-help")}</label><select id="export-brand" name="brand"><option value="">${text("links.export.all-brands")}</option>${options}</select>
<button class="secondary" type="submit">${text("links.export.write")}</button></form></div>`;
}
