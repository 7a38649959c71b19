import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import { textsOf } from "../../../add-ons/plugin-texts.ts";
import { idColumns } from "../../../files/link-file.ts";
import type { FoundFile } from "../../../files/staged-files.ts";
import type { Locale } from "../../../locale/locale.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { counted } from "../counted.ts";
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

export function linksPage(page: LinksPage): Markup {
	const { plugin, csrf, report, underWay, message = html``, problems = NO_PROBLEMS } = page;
	const { manifest } = plugin.loaded;
	const job =
		underWay === undefined
			? ""
			: html`<p class="notice">An import is under way. <a href="${jobPaths(underWay).job}">See how far it is</a></p>`;
	return html`${pageHead(`${manifest.name}: links`, "Which users have an account linked: import and export the list.")}${message}${problemSummary(problems)}${job}${report === undefined ? "" : reportSection(report, page, importTried(report, csrf), true)}
<h2>Import</h2>${page.kept === undefined ? "" : keptList(page.kept, csrf)}<div class="card"><p>Migrating from another ${manifest.name} login? Import its links here. Import only links that people made themselves. The import sends them no e-mail.</p>
${importForm(page)}</div>
${plugin.can("exportLinks") ? exportSection(page) : ""}`;
}

/** Imports the list that was tried, as it was tried, whatever is in the form for lists. */
export function importTried(report: ImportReport, csrf: string): Markup {
	const { plugin, params } = report;
	const count = linkable(report);
	const { links } = integrationPaths(plugin.loaded.manifest.id);
	return count === 0
		? html``
		: html`<form method="post" action="${links}">${csrfField(csrf)}<input type="hidden" name="kept" value="${params.fileId}"><input type="hidden" name="parts" value="${params.parts}"><input type="hidden" name="brand" value="${params.brandId}"><button type="submit" name="action" value="import">Import ${counted(count, "link")}</button></form>`;
}

/** The proof and the brand come before the file: the list is stored while the file arrives. */
function importForm(page: LinksPage): Markup {
	const { plugin, brands, csrf, brandId, text = "", kept, report, problems = NO_PROBLEMS } = page;
	const { manifest } = plugin.loaded;
	const { links } = integrationPaths(manifest.id);
	const help =
		manifest.linkFile === undefined ? "" : textsOf(plugin, page.locale.tag)(manifest.linkFile.help);
	const [idColumn = ""] = idColumns(manifest.linkFile);
	const options = brands.map(
		({ id, name }) =>
			html`<option value="${id}"${id === brandId ? html` selected` : ""}>${name}</option>`,
	);
	const tryIt =
		report === undefined
			? html`<button type="submit" name="action" value="try">Try it</button>`
			: html`<button class="secondary" type="submit" name="action" value="try">Try again</button>`;
	return html`<form method="post" action="${links}" enctype="multipart/form-data">${csrfField(csrf)}
${kept === undefined ? "" : keptFields(kept)}<label for="brand">Brand of rows without one</label><select id="brand" name="brand"${fieldTraits(problems, "brand", false)}>${options}</select>${fieldProblem(problems, "brand")}
<label for="links">List</label><textarea class="data" id="links" name="links" rows="8" spellcheck="false" autocomplete="off"${fieldTraits(problems, "links", true)} placeholder="${idColumn},email&#10;…">
${text}</textarea>
<p class="help" id="links-help">CSV. The first line names the columns. Required: <code>${idColumn}</code>, and <code>email</code> or <code>user_id</code>. Optional: <code>handle</code>, <code>brand</code>, <code>linked_at</code>, and <code>confirmed</code> from the export below. ${help}</p>${fieldProblem(problems, "links")}
<label for="file">Or a file</label><input id="file" name="file" type="file" accept=".csv,.tsv,.txt,text/csv"${fieldTraits(problems, "file", true)}>
<p class="help" id="file-help">Up to 256 MB and 1,000,000 rows, or 5 MB of pasted text. The upload may take two minutes. If your line is too slow for the whole list, choose a part of it, and add the next part to the list that is kept.</p>${fieldProblem(problems, "file")}
<div class="actions">${tryIt}</div>
<p class="help">Trying changes nothing. You can import the same list twice.</p></form>`;
}

/** With the line of column names of each file. */
export function keptSentence({ rows, names }: FoundFile): string {
	return `A list of ${rows + names.length} lines is kept.`;
}

/** Beside the form, because the button has a form of its own. */
function keptList(file: FoundFile, csrf: string): Markup {
	return html`<div class="notice"><p>${keptSentence(file)} Press a button to use it, or paste or choose another list.</p>${deleteFileForm(file, csrf)}</div>`;
}

function keptFields({ id }: FoundFile): Markup {
	return html`<input type="hidden" name="kept" value="${id}"><label class="check"><input type="checkbox" name="add" value="on"> Add what I paste or choose to the list that is kept</label>
`;
}

function exportSection({ plugin, brands, csrf }: LinksPage): Markup {
	const { linksExport, exportJob } = integrationPaths(plugin.loaded.manifest.id);
	const links = brands.map(
		({ id, name }) => html`<li><a href="${atBrand(linksExport, id)}">${name}</a></li>`,
	);
	const options = brands.map(({ id, name }) => html`<option value="${id}">${name}</option>`);
	return html`<h2>Export</h2><div class="card"><p>All links with their users, as CSV. The import above reads this file: it leaves existing links as they are and brings deleted links back. <code>confirmed</code> says whether the user had proven their address. If it says <code>no</code>, only the account with the same <code>user_id</code> and <code>email</code> gets its link back.</p>
<ul class="plain"><li><a href="${linksExport}">All brands</a></li>${links}</ul>
<form method="post" action="${exportJob}">${csrfField(csrf)}<label for="export-brand">With many links, let the helpdesk write the file first</label><select id="export-brand" name="brand"><option value="">All brands</option>${options}</select>
<button class="secondary" type="submit">Write the file</button></form></div>`;
}
