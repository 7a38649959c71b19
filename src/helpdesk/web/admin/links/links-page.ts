import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { LinkResult, LinkRow } from "../../../../contract/link-transfer.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import { textsOf } from "../../../add-ons/plugin-texts.ts";
import { csrfField, type Markup, notice } from "../../layout.ts";
import { ADMIN_PATHS, atBrand, integrationPaths } from "../paths.ts";
import { idColumns } from "./link-file.ts";

/** A row of the file and the result of its import. */
export interface JudgedRow {
	readonly line: number;
	readonly row: LinkRow;
	readonly result: LinkResult;
}

export interface LinksPage {
	readonly plugin: PluginHooks;
	readonly brands: readonly Brand[];
	readonly csrf: string;
	/** What was typed stays in the form. */
	readonly brandId?: string | undefined;
	readonly text?: string;
	readonly report?: { readonly dryRun: boolean; readonly rows: readonly JudgedRow[] };
	readonly message?: Markup;
}

/** The buttons beside the results belong to the form below them. */
const FORM = "links-form";
/** Browsers need half a minute for a text field of 50,000 lines. A longer text is kept in a hidden field. */
const MAX_TEXT = 64 * 1024;
const MAX_SHOWN = 50;
const FEW = 12;
const MAX_CELL = 60;
const MAX_ID = 24;
/** Refused rows come first, because people look for them. */
const ORDER: readonly LinkResult["state"][] = ["refused", "would-link", "linked", "already-linked"];
const STATES = {
	refused: { label: "Refused", look: "failed" },
	"would-link": { label: "Would be linked", look: "ok" },
	linked: { label: "Linked", look: "ok" },
	"already-linked": { label: "Already linked", look: "" },
} as const satisfies Record<LinkResult["state"], { label: string; look: string }>;

export function linksPage(page: LinksPage): Markup {
	const { plugin, brands, csrf, brandId, text = "", report, message = html`` } = page;
	const { manifest } = plugin.loaded;
	const { settings, links } = integrationPaths(manifest.id);
	const help = manifest.linkFile === undefined ? "" : textsOf(plugin)(manifest.linkFile.help);
	const isLong = text.length > MAX_TEXT;
	const kept = isLong
		? html`<input type="hidden" name="kept" value="${text}"><p class="notice">A list of ${text.trim().split("\n").length} lines is kept. Press a button to use it, or paste or choose another list.</p>`
		: "";
	const options = brands.map(
		({ id, name }) =>
			html`<option value="${id}"${id === brandId ? html` selected` : ""}>${name}</option>`,
	);
	const [idColumn = ""] = idColumns(manifest.linkFile);
	const tryIt =
		report === undefined
			? html`<button type="submit" name="action" value="try">Try it</button>`
			: html`<button class="secondary" type="submit" name="action" value="try">Try again</button>`;
	return html`<p class="breadcrumb">Settings › General › <a href="${ADMIN_PATHS.integrations}">Third-Party Integrations</a> › <a href="${settings}">${manifest.name}: settings</a></p>
<h1>${manifest.name}: links</h1>${message}${report === undefined ? "" : resultSection(page, report.rows, report.dryRun)}
<h2>Import</h2><div class="card"><p>Migrating from another ${manifest.name} login? Import its links here. Import only links that people made themselves. The import sends them no e-mail.</p>
<form id="${FORM}" method="post" action="${links}" enctype="multipart/form-data">${csrfField(csrf)}
${kept}<label for="links">List</label><textarea class="data" id="links" name="links" rows="8" spellcheck="false" autocomplete="off" aria-describedby="links-help" placeholder="${idColumn},email&#10;…">
${isLong ? "" : text}</textarea>
<p class="help" id="links-help">CSV, up to 5 MB and 50,000 rows. The first line names the columns. Required: <code>${idColumn}</code>, and <code>email</code> or <code>user_id</code>. Optional: <code>handle</code>, <code>brand</code>, <code>linked_at</code>, and <code>confirmed</code> from the export below. ${help}</p>
<label for="file">Or a file</label><input id="file" name="file" type="file" accept=".csv,.tsv,.txt,text/csv">
<label for="brand">Brand of rows that name none</label><select id="brand" name="brand">${options}</select>
<div class="actions">${tryIt}</div>
<p class="help">Trying changes nothing. You can import the same list twice.</p></form></div>
${plugin.can("exportLinks") ? exportSection(plugin, brands) : ""}`;
}

function exportSection(plugin: PluginHooks, brands: readonly Brand[]): Markup {
	const { linksExport } = integrationPaths(plugin.loaded.manifest.id);
	const links = brands.map(
		({ id, name }) => html`<li><a href="${atBrand(linksExport, id)}">${name}</a></li>`,
	);
	return html`<h2>Export</h2><div class="card"><p>All links with their users, as CSV. The import above reads this file: it leaves existing links as they are and brings deleted links back. <code>confirmed</code> says whether the user had proven their address. If it says <code>no</code>, only the account with the same <code>user_id</code> and <code>email</code> gets its link back.</p>
<ul class="plain"><li><a href="${linksExport}">All brands</a></li>${links}</ul></div>`;
}

function resultSection(
	{ plugin, brands }: LinksPage,
	rows: readonly JudgedRow[],
	dryRun: boolean,
): Markup {
	const text = textsOf(plugin);
	const reasons = new Map<string, { result: LinkResult; count: number }>();
	for (const { result } of rows) {
		const count = (reasons.get(result.message)?.count ?? 0) + 1;
		reasons.set(result.message, { result, count });
	}
	const found = [...reasons.values()].sort((a, b) => rank(a.result) - rank(b.result));
	const summary = found.map(
		({ result, count }) =>
			html`<li class="check ${STATES[result.state].look}"><strong>${counted(count, "row")}</strong> <span>${text(result.message)}</span></li>`,
	);
	// Within one state, rare reasons come first.
	const countOf = ({ message }: LinkResult) => reasons.get(message)?.count ?? 0;
	const shown = [...rows]
		.sort((a, b) => rank(a.result) - rank(b.result) || countOf(a.result) - countOf(b.result))
		.slice(0, MAX_SHOWN);
	const isOneOfSeveral = ({ state, message }: LinkResult) =>
		found.some(({ result }) => result.state === state && result.message !== message);
	const which = rows.length > MAX_SHOWN ? `${MAX_SHOWN} of ${rows.length} rows` : "All rows";
	const linkable = rows.filter(({ result }) => result.state === "would-link").length;
	const goOn =
		linkable === 0
			? ""
			: html`<button form="${FORM}" type="submit" name="action" value="import">Import ${counted(linkable, "link")}</button>`;
	const lines = shown.map(({ line, row, result }) => {
		const brand = brands.find(({ id }) => id === row.brandId)?.name ?? row.brandId;
		const user = row.email || row.userId || "nobody";
		return html`<tr><td class="soft">Line ${line}</td><td><code>${short(row.identityId, MAX_ID)}</code></td><td class="wide user">${short(user)} <span class="soft">${short(brand)}</span></td>
<td class="wide check ${STATES[result.state].look}"><strong>${STATES[result.state].label}</strong>${result.state === "refused" || isOneOfSeveral(result) ? html` <span class="soft">${text(result.message)}</span>` : ""}</td></tr>`;
	});
	const states = new Set(rows.map(({ result }) => result.state));
	const isInVain = states.has("refused") && !states.has("would-link") && !states.has("linked");
	return html`${notice(sentenceOn(rows, dryRun), isInVain)}<div class="card"><ul class="plain checks">${summary}</ul></div>
<div class="actions row-actions">${goOn}<button class="secondary" form="${FORM}" type="submit" name="action" value="download">Download all results</button></div>
<details${rows.length <= FEW ? html` open` : ""}><summary>${which}, refused ones first</summary>
<table class="dense"><thead><tr><th scope="col">Line</th><th scope="col">Account</th><th scope="col">User and brand</th><th scope="col">Result</th></tr></thead><tbody>${lines}</tbody></table></details>`;
}

/** “412 would be linked, 3 refused.” */
function sentenceOn(rows: readonly JudgedRow[], dryRun: boolean): string {
	const count = (state: LinkResult["state"]) =>
		rows.filter(({ result }) => result.state === state).length;
	const parts = [
		dryRun ? `${count("would-link")} would be linked` : `${count("linked")} linked`,
		`${count("refused")} refused`,
		`${count("already-linked")} already linked`,
	].filter((part, index) => index === 0 || !part.startsWith("0 "));
	return `${parts.join(", ")}.${dryRun ? " Nothing has changed yet." : ""}`;
}

function rank({ state }: LinkResult): number {
	return ORDER.indexOf(state);
}

function short(cell: string, length = MAX_CELL): string {
	return cell.length > length ? `${cell.slice(0, length)}…` : cell;
}

function counted(count: number, what: string): string {
	return `${count} ${what}${count === 1 ? "" : "s"}`;
}
