import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { LinkResult } from "../../../../contract/link-transfer.ts";
import { shownValue } from "../../../../contract/message-text.ts";
import {
	countOf,
	OTHER_MESSAGES,
	outcomeMessage,
	type ResultCount,
} from "../../../add-ons/jobs/import-outcome.ts";
import { textsOf } from "../../../add-ons/plugin-texts.ts";
import type { Locale, TextKey } from "../../../locale/locale.ts";
import { type Markup, notice } from "../../layout.ts";
import { pager, withQuery } from "../list-pager.ts";
import { jobPaths } from "../paths.ts";
import { type ImportReport, type JudgedRow, MAX_SHOWN } from "./import-report.ts";

const FEW = 12;
const MAX_CELL = 60;
const MAX_ID = 24;
/** Refused rows come first, because people look for them. */
const ORDER: readonly LinkResult["state"][] = ["refused", "would-link", "linked", "already-linked"];
const STATES = {
	refused: { label: "links.report.refused", look: "failed" },
	"would-link": { label: "links.report.would-link", look: "ok" },
	linked: { label: "links.report.linked", look: "ok" },
	"already-linked": { label: "links.report.already-linked", look: "" },
} as const satisfies Record<LinkResult["state"], { label: TextKey; look: string }>;

/** The brands, and the language of the operator. */
interface Reader {
	readonly brands: readonly Brand[];
	readonly locale: Locale;
}

/**
 * What happened to the rows of an import, or would happen.
 *
 * @param goOn the button that goes on with it.
 * @param says whether the section begins with the sentence about all rows.
 */
export function reportSection(
	report: ImportReport,
	reader: Reader,
	goOn: Markup,
	says: boolean,
): Markup {
	const { plugin, outcome } = report;
	const { counts } = outcome;
	const { text } = reader.locale;
	const ofPlugin = textsOf(plugin, reader.locale.tag);
	const found = [...counts].sort((a, b) => rank(a) - rank(b));
	const summary = found.map(
		({ state, message, count }) =>
			html`<li class="check ${STATES[state].look}"><strong>${text("links.report.rows", { count })}</strong> <span>${message === OTHER_MESSAGES ? text("links.report.others") : ofPlugin(message)}</span></li>`,
	);
	const isInVain =
		countOf(counts, "refused") > 0 &&
		countOf(counts, "would-link") + countOf(counts, "linked") === 0;
	const sentence = reader.locale.say(outcomeMessage(outcome));
	// The page of a job has its own link to the file.
	const download =
		says && outcome.isComplete
			? html`<a href="${jobPaths(report.job.id).file}">${text("links.report.download")}</a>`
			: "";
	return html`${says ? notice(sentence, isInVain) : ""}<div class="card"><ul class="plain checks">${summary}</ul></div>
<div class="actions row-actions">${goOn}${download}</div>
${report.isKept ? rowsOf(report, reader) : html`<p class="help">${text("links.report.expired")}</p>`}`;
}

/** How many links an import would make now. */
export function linkable({ outcome: { counts } }: ImportReport): number {
	return countOf(counts, "would-link");
}

function rowsOf(report: ImportReport, reader: Reader): Markup {
	const { rows, next, isFirst, job, params } = report;
	const { locale } = reader;
	const { text, language } = locale;
	const total = params.rows;
	const which =
		total > MAX_SHOWN
			? text("links.report.some", { shown: shownValue(rows.length, language), total })
			: text("links.report.all");
	const lines = rows.map((row) => lineOf(report, reader, row));
	const { job: page } = jobPaths(job.id);
	const pages = pager({
		label: text("links.report.pages"),
		first: isFirst ? undefined : page,
		next: next && withQuery(page, { rows: next }),
		nextLabel: text("links.report.next", { count: MAX_SHOWN }),
		locale,
	});
	const isOpen = total <= FEW || !isFirst;
	return html`<details${isOpen ? html` open` : ""}><summary>${which}</summary>
<table class="dense"><thead><tr><th scope="col">${text("links.report.line")}</th><th scope="col">${text("links.report.account")}</th><th scope="col">${text("links.report.user")}</th><th scope="col">${text("links.report.result")}</th></tr></thead><tbody>${lines}</tbody></table>${pages}</details>`;
}

function lineOf(
	{ plugin, params, outcome: { counts }, rows }: ImportReport,
	reader: Reader,
	{ source, row: [line, identityId, email, userId, , named], result }: JudgedRow,
): Markup {
	const { text } = reader.locale;
	const ofPlugin = textsOf(plugin, reader.locale.tag);
	const isOneOfSeveral = counts.some(
		({ state, message }) => state === result.state && message !== result.message,
	);
	const brandId = named === "" ? params.brandId : named;
	const brand = reader.brands.find(({ id }) => id === brandId)?.name ?? brandId;
	const isOneFile = rows.every((each) => each.source === rows[0]?.source);
	const file = isOneFile ? "" : html`<br>${short(source)}`;
	const why = result.state === "refused" || isOneOfSeveral ? ofPlugin(result.message) : undefined;
	return html`<tr><td class="soft" data-heading="${text("links.report.line")}">${line}${file}</td><td><code>${short(identityId, MAX_ID)}</code></td><td class="wide user">${short(email || userId || text("links.report.nobody"))}<br><span class="soft">${short(brand)}</span></td>
<td class="wide check ${STATES[result.state].look}"><strong>${text(STATES[result.state].label)}</strong>${why === undefined ? "" : html`<br><span class="soft">${why}</span>`}</td></tr>`;
}

function rank({ state }: Pick<ResultCount, "state">): number {
	return ORDER.indexOf(state);
}

function short(cell: string, length = MAX_CELL): string {
	return cell.length > length ? `${cell.slice(0, length)}…` : cell;
}
