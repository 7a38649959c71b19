import { BYTE_ORDER_MARK, writeCsv } from "../../../files/csv-writer.ts";
import type { SignInEntry } from "../../../sign-ins/sign-in-entry.ts";

/** In English whatever the language of the operator, because programs read them. */
const COLUMNS = [
	"time",
	"brand",
	"outcome",
	"code",
	"meaning",
	"trace code",
	"wanted",
	"problem",
	"duration ms",
	"at provider ms",
	"calls",
	"waiting ms",
	"protocol",
] as const;

/** The first line of a file for spreadsheets with one line for each attempt. */
export function signInCsvHeader(): string {
	return `${BYTE_ORDER_MARK}${writeCsv([COLUMNS])}`;
}

/** Lines of the file. They leave out the hash of the visitor's account. */
export function signInCsvLines(
	entries: readonly SignInEntry[],
	brandName: (brandId: string) => string,
	titleOf: (entry: SignInEntry) => string,
): string {
	const rows = entries.map((entry) => [
		new Date(entry.at).toISOString(),
		brandName(entry.brandId),
		entry.outcome,
		entry.code,
		titleOf(entry),
		entry.traceCode,
		entry.wanted,
		entry.problem,
		entry.durationMs,
		entry.awayMs,
		entry.calls,
		entry.waitedMs,
		entry.protocol,
	]);
	return writeCsv(rows);
}
