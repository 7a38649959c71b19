import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import { orUnreadable, UnreadableValueError } from "../../../../storage/stored-value.ts";
import type { AddOns } from "../../../add-ons/add-ons.ts";
import { typedInteger } from "../../../ascii-digits.ts";
import type { AuditFilter } from "../../../audit/audit-log.ts";
import { isKeptDays } from "../../../audit/kept-days.ts";
import type { Audit } from "../../../audit/open-audit.ts";
import type { Locale } from "../../../locale/locale.ts";
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
import { auditPage, keptRange } from "./audit-page.ts";
import { shownEntries } from "./shown-entries.ts";

export interface AuditRouteParts {
	readonly audit: Audit;
	readonly brands: readonly Brand[];
	readonly addOns: AddOns;
	/** Milliseconds since the epoch. */
	readonly now: () => number;
	readonly show: ShowPage;
}

/** Shows the audit trail, gives it as a file, and sets how long it is kept. No route changes an entry. */
export function auditRoutes(app: OperatorApp, parts: AuditRouteParts): void {
	app.get(ADMIN_PATHS.audit, async (c) => {
		const isSaved = c.req.query("done") === "saved";
		const saved = c.var.visit.locale.text("audit.saved");
		return showTrail(c, parts, isSaved ? notice(saved) : html``);
	});
	const asks = asksFirst(parts.show, async (c) => {
		const days = typedInteger(field(c.var.visit.form, "days") ?? "");
		const kept = await orUnreadable(() => parts.audit.keptDays.get());
		const isLess = isKeptDays(days) && !(kept instanceof UnreadableValueError) && days < kept;
		return isLess ? shorterQuestion(days, kept, c.var.visit.locale) : undefined;
	});
	app.post(ADMIN_PATHS.audit, asks, async (c) => {
		const { form, locale } = c.var.visit;
		const days = typedInteger(field(form, "days") ?? "");
		if (!isKeptDays(days)) {
			const sentence = locale.text("audit.kept.not-a-number", keptRange());
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

function shorterQuestion(days: number, kept: number, { text }: Locale) {
	return {
		title: text("audit.kept.question", { days, kept }),
		consequence: text("audit.kept.consequence", { days }),
		button: text("audit.kept.button"),
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
	const { audit, addOns, brands, show } = parts;
	const { csrf, locale } = c.var.visit;
	const filter = readFilter((name) => c.req.query(name));
	const { after, page } = await pageOrFirst(c.req.query("after"), (cursor) =>
		audit.log.page(filterOf(filter), cursor, ROWS_PER_PAGE),
	);
	const keptDays = await orUnreadable(() => audit.keptDays.get());
	const shown = auditPage({
		...{ filter, message, problems, next: page.next, isFirst: after === undefined },
		entries: await shownEntries(page.entries, parts),
		days: field(c.var.visit.form, "days") ?? shownDays(keptDays),
		zone: brands[0] ?? {},
		names: { brands, nameOf: (addOnId) => addOns.nameOf(addOnId) },
		...{ locale, csrf },
	});
	return show(c, locale.text("audit.title"), shown, status);
}

function shownDays(kept: number | UnreadableValueError): string {
	return kept instanceof UnreadableValueError ? "" : String(kept);
}

async function* csvOf(filter: AuditFilter, parts: AuditRouteParts): AsyncGenerator<string> {
	let start = auditCsvHeader();
	for await (const entries of parts.audit.log.inParts(filter)) {
		yield `${start}${auditCsvLines(await shownEntries(entries, parts))}`;
		start = "";
	}
}
