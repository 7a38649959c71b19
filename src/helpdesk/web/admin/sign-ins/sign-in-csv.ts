import { stringify } from "csv-stringify/sync";
import type { SignInEntry } from "../../../sign-ins/sign-in-entry.ts";

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
] as const;

/**
 * For spreadsheets: one line for each attempt, without the hash of who it was. Cells that a spreadsheet would take for a
 * formula are quoted by an apostrophe.
 */
export function signInCsv(
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
	]);
	return stringify(rows, {
		header: true,
		columns: [...COLUMNS],
		bom: true,
		escape_formulas: true,
		record_delimiter: "windows",
	});
}
