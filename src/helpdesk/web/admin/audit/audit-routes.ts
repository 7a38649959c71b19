import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import { orUnreadable, UnreadableValueError } from "../../../../storage/stored-value.ts";
import type { AuditFilter } from "../../../audit/audit-log.ts";
import { isKeptDays, KEPT_DAYS } from "../../../audit/kept-days.ts";
import type { Audit } from "../../../audit/open-audit.ts";
import { type Markup, notice } from "../../layout.ts";
import { field } from "../../visit.ts";
import type { AdminContext, ShowPage } from "../admin-pages.ts";
import { asksFirst } from "../asking-first.ts";
import { sendCsv } from "../csv.ts";
import { NO_PROBLEMS, problemWith } from "../form-fields.ts";
import { pageOrFirst, ROWS_PER_PAGE } from "../list-pager.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { auditCsvHeader, auditCsvLines } from "./audit-csv.ts";
import { filterOf, readFilter } from "./audit-filter.ts";
import { auditPage } from "./audit-page.ts";
import { shownEntries } from "./shown-entries.ts";

export interface AuditRouteParts {
	readonly audit: Audit;
	readonly brands: readonly Brand[];
	/** Milliseconds since the epoch. */
	readonly now: () => number;
	readonly show: ShowPage;
}

/** Shows the audit trail, gives it as a file, and sets how long it is kept. No route changes an entry. */
export function auditRoutes(app: OperatorApp, parts: AuditRouteParts): void {
	app.get(ADMIN_PATHS.audit, async (c) => {
		const isSaved = c.req.query("done") === "saved";
		return showTrail(
			c,
			parts,
			isSaved ? notice("Saved. Entries are kept for the number of days below.") : html``,
		);
	});
	const asks = asksFirst(parts.show, async (c) => {
		const days = Number(field(c.var.visit.form, "days") || Number.NaN);
		const kept = await orUnreadable(() => parts.audit.keptDays.get());
		const isLess = isKeptDays(days) && !(kept instanceof UnreadableValueError) && days < kept;
		return isLess ? shorterQuestion(days, kept) : undefined;
	});
	app.post(ADMIN_PATHS.audit, asks, async (c) => {
		const days = Number(field(c.var.visit.form, "days") || Number.NaN);
		if (!isKeptDays(days)) {
			const { least, most } = KEPT_DAYS;
			const sentence = `Not saved. Enter a whole number of days from ${least} to ${most}.`;
			return showTrail(c, parts, html``, 400, problemWith("days", sentence));
		}
		await parts.audit.keptDays.set(days);
		return c.redirect(`${ADMIN_PATHS.audit}?done=saved`, 303);
	});
	app.get(ADMIN_PATHS.auditExport, async (c) => {
		const filter = filterOf(readFilter((name) => c.req.query(name)));
		return sendCsv(c, "audit-trail.csv", csvOf(filter, parts));
	});
}

function shorterQuestion(days: number, kept: number) {
	return {
		title: `Keep entries for ${days} days instead of ${kept}?`,
		consequence: `Entries that are older than ${days} days are deleted for good within hours.`,
		button: "Delete older entries",
		back: ADMIN_PATHS.audit,
	};
}

async function showTrail(
	c: AdminContext,
	parts: AuditRouteParts,
	message: Markup,
	status = 200,
	problems = NO_PROBLEMS,
): Promise<Response> {
	const { audit, brands, show } = parts;
	const filter = readFilter((name) => c.req.query(name));
	const { after, page } = await pageOrFirst(c.req.query("after"), (cursor) =>
		audit.log.page(filterOf(filter), cursor, ROWS_PER_PAGE),
	);
	const keptDays = await orUnreadable(() => audit.keptDays.get());
	const shown = auditPage({
		...{ filter, message, problems, next: page.next, isFirst: after === undefined },
		entries: await shownEntries(page.entries, parts),
		keptDays: keptDays instanceof UnreadableValueError ? undefined : keptDays,
		zone: brands[0] ?? {},
		csrf: c.var.visit.csrf,
	});
	return show(c, "Audit trail", shown, status);
}

async function* csvOf(filter: AuditFilter, parts: AuditRouteParts): AsyncGenerator<string> {
	let start = auditCsvHeader();
	for await (const entries of parts.audit.log.inParts(filter)) {
		yield `${start}${auditCsvLines(await shownEntries(entries, parts))}`;
		start = "";
	}
}
