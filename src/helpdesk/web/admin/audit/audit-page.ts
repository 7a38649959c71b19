import { html } from "hono/html";
import type { AuditEntry } from "../../../audit/audit-entry.ts";
import { DEEDS } from "../../../audit/deeds.ts";
import { KEPT_DAYS } from "../../../audit/kept-days.ts";
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
	deedWords,
	objectWords,
	STANDING_WORDS,
	type Standing,
} from "./audit-words.ts";
import type { ShownEntry } from "./shown-entries.ts";

const DEEDS_BY_WORDS = Object.entries(DEEDS).sort(([, a], [, b]) => a.words.localeCompare(b.words));

export interface ShownAudit {
	readonly entries: readonly ShownEntry[];
	readonly filter: TypedFilter;
	/** The cursor of the next page; undefined on the last one. */
	readonly next: string | undefined;
	readonly isFirst: boolean;
	/** Undefined: what is stored cannot be read. */
	readonly keptDays: number | undefined;
	readonly zone: InZone;
	readonly csrf: string;
	readonly message: Markup;
	readonly problems: Problems;
}

/** What ends within this time has ended at once for people. */
const MOMENT_MS = 60_000;

const LEAD =
	"Who did what here, at the command line and by a password, and what was refused, the newest first. Nobody can change or delete an entry. Times are in UTC unless the first brand has a time zone; days of the filter are in UTC.";

export function auditPage(shown: ShownAudit): Markup {
	const { entries, filter, next, isFirst, zone, message } = shown;
	const { audit } = ADMIN_PATHS;
	const first = isFirst ? undefined : filteredPath(audit, filter);
	const older = next && filteredPath(audit, filter, next);
	const download = html`<a href="${filteredPath(ADMIN_PATHS.auditExport, filter)}">Export as CSV</a>`;
	return html`${pageHead("Audit trail", LEAD, download)}${message}${problemSummary(shown.problems)}<p class="help">“Done by” takes the address of an operator, the id of a user or the name of the machine’s user. “Done to” takes the address of an operator, or the id of a user, an add-on, a brand, a job or a helpdesk.</p>${filters(filter)}${list(entries, zone, next !== undefined)}${pager({ label: "Pages", first, next: older, nextLabel: "Older" })}${keptForm(shown)}`;
}

function filters({ actor, deed, object, from, to }: TypedFilter): Markup {
	const options = DEEDS_BY_WORDS.map(
		([name, { words }]) =>
			html`<option value="${name}"${name === deed ? html` selected` : ""}>${words}</option>`,
	);
	return html`<form class="card filters" method="get" action="${ADMIN_PATHS.audit}">
<div><label for="deed">What happened</label><select id="deed" name="deed"><option value="">Everything</option>${options}</select></div>
<div><label for="actor">Done by</label><input id="actor" name="actor" value="${actor}" autocomplete="off" spellcheck="false"></div>
<div><label for="object">Done to</label><input id="object" name="object" value="${object}" autocomplete="off" spellcheck="false"></div>
<div><label for="from">First day</label><input id="from" name="from" type="date" value="${from}"></div>
<div><label for="to">Last day</label><input id="to" name="to" type="date" value="${to}"></div>
<div><button type="submit">Show</button></div></form>`;
}

function list(entries: readonly ShownEntry[], zone: InZone, hasMore: boolean): Markup {
	if (entries.length === 0) {
		const more = hasMore ? " so far. Older ones may follow." : ".";
		return html`<p>No entries${more}</p>`;
	}
	return html`<table><thead><tr><th scope="col">When</th><th scope="col">What happened</th><th scope="col">Done by</th><th scope="col">Result</th><th scope="col">Trace code</th></tr></thead><tbody>${entries.map((each) => row(each, zone))}</tbody></table>`;
}

function row({ entry, standing }: ShownEntry, zone: InZone): Markup {
	const ended =
		entry.endedAt === null || entry.endedAt - entry.at < MOMENT_MS
			? ""
			: html`<br><span class="soft">ended ${moment(entry.endedAt, zone)}</span>`;
	const network =
		entry.network === null ? "" : html`<br><span class="soft">${entry.network}</span>`;
	return html`<tr><td>${moment(entry.at, zone)}</td><td>${deedWords(entry)}<br><span class="soft">${objectLink(entry)}</span></td><td class="done-by">${actorWords(entry)}${network}</td><td>${standingLink(entry, standing)}${ended}</td><td><code>${entry.trace}</code></td></tr>`;
}

function objectLink(entry: AuditEntry): Markup {
	const words = objectWords(entry);
	return entry.object === "user" && entry.objectId !== null
		? html`<a href="${userPath(encodeURIComponent(entry.objectId))}">${words}</a>`
		: html`${words}`;
}

function standingLink({ jobId }: AuditEntry, standing: Standing): Markup {
	const words = STANDING_WORDS[standing];
	return jobId !== null && standing === "under-way"
		? html`<a href="${jobPaths(jobId).job}">${words}</a>`
		: html`${words}`;
}

function keptForm({ keptDays, csrf, problems }: ShownAudit): Markup {
	const { least, most } = KEPT_DAYS;
	return html`<h2>How long entries are kept</h2><form class="card" method="post" action="${ADMIN_PATHS.audit}">${csrfField(csrf)}<label for="days">Days</label><input id="days" name="days" type="number" min="${least}" max="${most}" required value="${keptDays ?? ""}"${fieldTraits(problems, "days", true)}><p class="help" id="days-help">From ${least} to ${most}. Older entries are deleted within hours. Very many entries are deleted earlier, the oldest first.</p>${fieldProblem(problems, "days")}<button class="secondary" type="submit">Save</button></form>`;
}
