import { BYTE_ORDER_MARK, writeCsv } from "../../../files/csv-writer.ts";
import { deedWords, STANDING_WORDS } from "./audit-words.ts";
import type { ShownEntry } from "./shown-entries.ts";

const COLUMNS = [
	...(["time", "deed", "meaning", "by", "actor", "on", "object", "network"] as const),
	...(["result", "ended", "job", "count", "trace code"] as const),
];

/** The first line of a file for spreadsheets with one line for each entry. */
export function auditCsvHeader(): string {
	return `${BYTE_ORDER_MARK}${writeCsv([COLUMNS])}`;
}

export function auditCsvLines(entries: readonly ShownEntry[]): string {
	return writeCsv(
		entries.map(({ entry, standing }) => [
			...[isoTime(entry.at), entry.deed, deedWords(entry), entry.actor, entry.actorId],
			...[entry.object, entry.objectId, entry.network, STANDING_WORDS[standing]],
			...[entry.endedAt === null ? null : isoTime(entry.endedAt), entry.jobId],
			...[entry.count, entry.trace],
		]),
	);
}

function isoTime(at: number): string {
	return new Date(at).toISOString();
}
