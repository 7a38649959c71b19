import type { AuditEntry } from "../../../audit/audit-entry.ts";
import { BYTE_ORDER_MARK, writeCsv } from "../../../files/csv-writer.ts";
import { type Locale, localeFor } from "../../../locale/locale.ts";
import { deedWords, isRoute, standingWords } from "./audit-words.ts";
import type { ShownEntry } from "./shown-entries.ts";

const COLUMNS = [
	...(["time", "deed", "meaning", "by", "actor", "on", "object", "network"] as const),
	...(["result", "ended", "job", "count", "trace code"] as const),
];

/** The first line of a file for spreadsheets with one line for each entry. Programs read it, so it is English for everybody. */
export function auditCsvHeader(): string {
	return `${BYTE_ORDER_MARK}${writeCsv([COLUMNS])}`;
}

export function auditCsvLines(entries: readonly ShownEntry[]): string {
	const english = localeFor(undefined, "en");
	return writeCsv(
		entries.map(({ entry, standing }) => [
			...[isoTime(entry.at), entry.deed, meaning(entry, english), entry.actor, entry.actorId],
			...[entry.object, entry.objectId, entry.network, standingWords(standing, english)],
			...[entry.endedAt === null ? null : isoTime(entry.endedAt), entry.jobId],
			...[entry.count, entry.trace],
		]),
	);
}

/** What was done, with the route where it was refused, which the page leaves out. */
function meaning(entry: AuditEntry, english: Locale): string {
	const deed = deedWords(entry, english);
	const { reason } = entry;
	return reason !== null && isRoute(reason)
		? english.text("audit.deed-and-reason", { deed, reason })
		: deed;
}

function isoTime(at: number): string {
	return new Date(at).toISOString();
}
