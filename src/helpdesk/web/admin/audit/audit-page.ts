import { html } from "hono/html";
import type { AuditEntry } from "../../../audit/audit-entry.ts";
import { DEEDS, isDeedName } from "../../../audit/deeds.ts";
import { KEPT_DAYS } from "../../../audit/kept-days.ts";
import type { Locale } from "../../../locale/locale.ts";
import type { InZone } from "../../../locale/shown-time.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { fieldProblem, fieldTraits, type Problems, problemSummary } from "../form-fields.ts";
import { pager } from "../list-pager.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS, jobPaths } from "../paths.ts";
import { moment } from "../sign-ins/sign-ins-page.ts";
import { userPath } from "../users/user-words.ts";
import { filteredPath, type TypedFilter } from "./audit-filter.ts";
import {
	actorWords,
	deedName,
	deedWords,
	type KnownNames,
	objectWords,
	type Standing,
	standingWords,
} from "./audit-words.ts";
import type { ShownEntry } from "./shown-entries.ts";

export interface ShownAudit {
	readonly entries: readonly ShownEntry[];
	readonly filter: TypedFilter;
	/** The cursor of the next page; undefined on the last one. */
	readonly next: string | undefined;
	readonly isFirst: boolean;
	/** How long entries are kept, as it was typed. Empty: what is stored cannot be read. */
	readonly days: string;
	readonly zone: InZone;
	readonly names: KnownNames;
	/** The language of the operator. */
	readonly locale: Locale;
	readonly csrf: string;
	readonly message: Markup;
	readonly problems: Problems;
}

/** What ends within this time has ended at once for people. */
const MOMENT_MS = 60_000;

/** The days that may be chosen, as a text names them. */
export function keptRange(): { readonly least: number; readonly most: number } {
	return { least: KEPT_DAYS.least, most: KEPT_DAYS.most };
}

export function auditPage(shown: ShownAudit): Markup {
	const { filter, next, isFirst, locale, message } = shown;
	const { text } = locale;
	const { audit } = ADMIN_PATHS;
	const first = isFirst ? undefined : filteredPath(audit, filter);
	const older = next && filteredPath(audit, filter, next);
	const download = html`<a href="${filteredPath(ADMIN_PATHS.auditExport, filter)}">${text("audit.export")}</a>`;
	const [label, nextLabel] = [text("audit.pages"), text("audit.older")];
	const pages = pager({ label, first, next: older, nextLabel, locale });
	return html`${pageHead(text("audit.title"), text("audit.lead"), download)}${message}${problemSummary(shown.problems)}<p class="help">${text("audit.fields-help")}</p>${filters(filter, locale)}${list(shown)}${pages}${keptForm(shown)}`;
}

function filters({ actor, deed, object, from, to }: TypedFilter, locale: Locale): Markup {
	const { text } = locale;
	const { compare } = new Intl.Collator(locale.language);
	const options = Object.keys(DEEDS)
		.filter(isDeedName)
		.map((name) => ({ name, words: deedName(name, locale) }))
		.sort((a, b) => compare(a.words, b.words))
		.map(
			({ name, words }) =>
				html`<option value="${name}"${name === deed ? html` selected` : ""}>${words}</option>`,
		);
	return html`<form class="card filters" method="get" action="${ADMIN_PATHS.audit}">
<div><label for="deed">${text("audit.field.deed")}</label><select id="deed" name="deed"><option value="">${text("audit.field.deed.all")}</option>${options}</select></div>
<div><label for="actor">${text("audit.field.actor")}</label><input id="actor" name="actor" value="${actor}" autocomplete="off" spellcheck="false"></div>
<div><label for="object">${text("audit.field.object")}</label><input id="object" name="object" value="${object}" autocomplete="off" spellcheck="false"></div>
<div><label for="from">${text("audit.field.from")}</label><input id="from" name="from" type="date" value="${from}"></div>
<div><label for="to">${text("audit.field.to")}</label><input id="to" name="to" type="date" value="${to}"></div>
<div><button type="submit">${text("audit.show")}</button></div></form>`;
}

function list({ entries, zone, next, locale, names }: ShownAudit): Markup {
	const { text } = locale;
	if (entries.length === 0) {
		return html`<p>${text(next === undefined ? "audit.none" : "audit.none-so-far")}</p>`;
	}
	return html`<table><thead><tr><th scope="col">${text("audit.column.time")}</th><th scope="col">${text("audit.column.deed")}</th><th scope="col">${text("audit.column.actor")}</th><th scope="col">${text("audit.column.result")}</th><th scope="col">${text("audit.column.trace-code")}</th></tr></thead><tbody>${entries.map((each) => row(each, zone, locale, names))}</tbody></table>`;
}

function row(
	{ entry, standing }: ShownEntry,
	zone: InZone,
	locale: Locale,
	names: KnownNames,
): Markup {
	const ended =
		entry.endedAt === null || entry.endedAt - entry.at < MOMENT_MS
			? ""
			: html`<br><span class="soft">${locale.markup("audit.ended", { time: moment(entry.endedAt, zone) })}</span>`;
	const network =
		entry.network === null ? "" : html`<br><span class="soft">${entry.network}</span>`;
	return html`<tr><td>${moment(entry.at, zone)}</td><td>${deedWords(entry, locale)}<br><span class="soft">${objectLink(entry, locale, names)}</span></td><td class="done-by">${actorWords(entry, locale)}${network}</td><td class="in-words">${standingLink(entry, standing, locale)}${ended}</td><td class="code"><code>${entry.trace}</code></td></tr>`;
}

function objectLink(entry: AuditEntry, locale: Locale, names: KnownNames): Markup {
	const words = objectWords(entry, locale, names);
	return entry.object === "user" && entry.objectId !== null
		? html`<a href="${userPath(encodeURIComponent(entry.objectId))}">${words}</a>`
		: html`${words}`;
}

function standingLink({ jobId }: AuditEntry, standing: Standing, locale: Locale): Markup {
	const words = standingWords(standing, locale);
	return jobId !== null && standing === "under-way"
		? html`<a href="${jobPaths(jobId).job}">${words}</a>`
		: html`${words}`;
}

function keptForm({ days, csrf, problems, locale: { text } }: ShownAudit): Markup {
	return html`<h2>${text("audit.kept")}</h2><form class="card" method="post" action="${ADMIN_PATHS.audit}">${csrfField(csrf)}<label for="days">${text("audit.kept.days")}</label><input id="days" name="days" type="text" inputmode="numeric" autocomplete="off" required value="${days}"${fieldTraits(problems, "days", true)}><p class="help" id="days-help">${text("audit.kept.help", keptRange())}</p>${fieldProblem(problems, "days")}<button class="secondary" type="submit">${text("audit.kept.save")}</button></form>`;
}
