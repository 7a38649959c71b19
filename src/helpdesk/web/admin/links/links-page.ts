import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { LinkResult, LinkRow } from "../../../../contract/link-transfer.ts";
import type { InstalledPlugin } from "../../../add-ons/plugin-hooks.ts";
import { textsOf } from "../../../add-ons/plugin-texts.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { ADMIN_PATHS, notice } from "../admin-pages.ts";
import { idColumns } from "./link-file.ts";

/** A row of the file and what became of it. */
export interface JudgedRow {
	readonly line: number;
	readonly row: LinkRow;
	readonly fate: LinkResult;
}

export interface LinksPage {
	readonly plugin: InstalledPlugin;
	readonly brands: readonly Brand[];
	readonly csrf: string;
	/** What was typed, so that nobody has to paste it again. */
	readonly brandId?: string | undefined;
	readonly text?: string;
	readonly result?: { readonly dryRun: boolean; readonly rows: readonly JudgedRow[] };
	readonly message?: Markup;
}

/** The buttons that go on with a result stand beside it, and belong to the form below. */
const FORM = "links-form";
/** Browsers take half a minute over a text field of 50,000 lines; what is longer is kept beside it. */
const MAX_TEXT = 64 * 1024;
const MAX_SHOWN = 50;
const FEW = 12;
const MAX_CELL = 60;
const MAX_ID = 24;
/** Who looks at the table looks for what went wrong. */
const ORDER: readonly LinkResult["state"][] = ["refused", "would-link", "linked", "already-linked"];
const STATES = {
	refused: { label: "Refused", look: "failed" },
	"would-link": { label: "Would be linked", look: "ok" },
	linked: { label: "Linked", look: "ok" },
	"already-linked": { label: "Linked before", look: "" },
} as const satisfies Record<LinkResult["state"], { label: string; look: string }>;

export function linksPage(page: LinksPage): Markup {
	const { plugin, brands, csrf, brandId, text = "", result, message = html`` } = page;
	const { manifest } = plugin.loaded;
	const path = `${ADMIN_PATHS.integrations}/${manifest.id}`;
	const help = manifest.linkFile === undefined ? "" : textsOf(plugin)(manifest.linkFile.help);
	const isLong = text.length > MAX_TEXT;
	const kept = isLong
		? html`<input type="hidden" name="kept" value="${text}"><p class="notice">A list of ${text.trim().split("\n").length} lines is kept. Press a button to go on with it, or paste or choose another one.</p>`
		: "";
	const options = brands.map(
		({ id, name }) =>
			html`<option value="${id}"${id === brandId ? html` selected` : ""}>${name}</option>`,
	);
	const [idColumn = ""] = idColumns(manifest.linkFile);
	const tryIt =
		result === undefined
			? html`<button type="submit" name="action" value="try">Try it</button>`
			: html`<button class="secondary" type="submit" name="action" value="try">Try again</button>`;
	return html`<p class="breadcrumb">Settings › General › <a href="${ADMIN_PATHS.integrations}">Third-Party Integrations</a> › <a href="${path}">${manifest.name}: settings</a></p>
<h1>${manifest.name}: links</h1>${message}${result === undefined ? "" : resultSection(page, result.rows, result.dryRun)}
<h2>Import</h2><div class="card"><p>Bring along who is who from another log-in with ${manifest.name}. Import only links that people made themselves. They are not told by e-mail.</p>
<form id="${FORM}" method="post" action="${path}/links" enctype="multipart/form-data">${csrfField(csrf)}
${kept}<label for="links">List</label><textarea class="data" id="links" name="links" rows="8" spellcheck="false" autocomplete="off" aria-describedby="links-help" placeholder="${idColumn},email&#10;…">
${isLong ? "" : text}</textarea>
<p class="help" id="links-help">CSV, up to 5 MB and 50,000 rows. The first line names the columns: <code>${idColumn}</code>; <code>email</code> or <code>user_id</code>; if you like <code>handle</code>, <code>brand</code>, <code>linked_at</code> and, as the export below has it, <code>confirmed</code>. ${help}</p>
<label for="file">Or a file with it</label><input id="file" name="file" type="file" accept=".csv,.tsv,.txt,text/csv">
<label for="brand">Brand of rows that name none</label><select id="brand" name="brand">${options}</select>
<div class="actions">${tryIt}</div>
<p class="help">Trying changes nothing. Importing twice does no harm.</p></form></div>
${plugin.can("exportLinks") ? exportSection(path, brands) : ""}`;
}

function exportSection(path: string, brands: readonly Brand[]): Markup {
	const links = brands.map(
		({ id, name }) => html`<li><a href="${path}/links.csv?brand=${id}">${name}</a></li>`,
	);
	return html`<h2>Export</h2><div class="card"><p>All links with their users, as CSV that the import above reads. What is still linked is left as it is; what was deleted since comes back. <code>confirmed</code> says whether somebody had proven their address: with <code>no</code> only the same account gets its link back, by <code>user_id</code> and <code>email</code>.</p>
<ul class="plain"><li><a href="${path}/links.csv">All brands</a></li>${links}</ul></div>`;
}

function resultSection(
	{ plugin, brands }: LinksPage,
	rows: readonly JudgedRow[],
	dryRun: boolean,
): Markup {
	const text = textsOf(plugin);
	const reasons = new Map<string, { fate: LinkResult; count: number }>();
	for (const { fate } of rows) {
		const count = (reasons.get(fate.message)?.count ?? 0) + 1;
		reasons.set(fate.message, { fate, count });
	}
	const found = [...reasons.values()].sort((a, b) => rank(a.fate) - rank(b.fate));
	const summary = found.map(
		({ fate, count }) =>
			html`<li class="check ${STATES[fate.state].look}"><strong>${counted(count, "row")}</strong> <span>${text(fate.message)}</span></li>`,
	);
	// Of one state, what few share is what somebody looks for.
	const countOf = ({ message }: LinkResult) => reasons.get(message)?.count ?? 0;
	const shown = [...rows]
		.sort((a, b) => rank(a.fate) - rank(b.fate) || countOf(a.fate) - countOf(b.fate))
		.slice(0, MAX_SHOWN);
	const isOneOfSeveral = (fate: LinkResult) =>
		found.some((each) => each.fate.state === fate.state && each.fate.message !== fate.message);
	const which = rows.length > MAX_SHOWN ? `${MAX_SHOWN} of ${rows.length} rows` : "All rows";
	const linkable = rows.filter(({ fate }) => fate.state === "would-link").length;
	const goOn =
		linkable === 0
			? ""
			: html`<button form="${FORM}" type="submit" name="action" value="import">Import ${counted(linkable, "link")}</button>`;
	const lines = shown.map(({ line, row, fate }) => {
		const brand = brands.find(({ id }) => id === row.brandId)?.name ?? row.brandId;
		const user = row.email || row.userId || "nobody";
		return html`<tr><td class="soft">Line ${line}</td><td><code>${short(row.identityId, MAX_ID)}</code></td><td class="wide user">${short(user)} <span class="soft">${short(brand)}</span></td>
<td class="wide check ${STATES[fate.state].look}"><strong>${STATES[fate.state].label}</strong>${fate.state === "refused" || isOneOfSeveral(fate) ? html` <span class="soft">${text(fate.message)}</span>` : ""}</td></tr>`;
	});
	const states = new Set(rows.map(({ fate }) => fate.state));
	const isInVain = states.has("refused") && !states.has("would-link") && !states.has("linked");
	return html`${notice(sentenceOn(rows, dryRun), isInVain)}<div class="card"><ul class="plain checks">${summary}</ul></div>
<div class="actions row-actions">${goOn}<button class="secondary" form="${FORM}" type="submit" name="action" value="download">Download every row’s fate</button></div>
<details${rows.length <= FEW ? html` open` : ""}><summary>${which}, refused ones first</summary>
<table class="dense"><thead><tr><th scope="col">Line</th><th scope="col">Account</th><th scope="col">User and brand</th><th scope="col">Fate</th></tr></thead><tbody>${lines}</tbody></table></details>`;
}

/** “412 would be linked, 3 refused.” */
function sentenceOn(rows: readonly JudgedRow[], dryRun: boolean): string {
	const count = (state: LinkResult["state"]) =>
		rows.filter(({ fate }) => fate.state === state).length;
	const parts = [
		dryRun ? `${count("would-link")} would be linked` : `${count("linked")} linked`,
		`${count("refused")} refused`,
		`${count("already-linked")} linked before`,
	].filter((part, index) => index === 0 || !part.startsWith("0 "));
	return `${parts.join(", ")}.${dryRun ? " Nothing is changed yet." : ""}`;
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
