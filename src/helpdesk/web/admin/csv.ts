import { CsvError, parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import type { Context } from "hono";
import { pastedText } from "../../pasted-text.ts";

/** A row of a file and the line where it ends, from 1. */
export interface CsvRecord {
	readonly line: number;
	readonly cells: readonly string[];
}

/** The rows of a file, or a sentence that says why they cannot be read. */
export type CsvReading =
	| { readonly kind: "records"; readonly records: readonly CsvRecord[] }
	| { readonly kind: "problem"; readonly problem: string };

/** Tells spreadsheets that a file is UTF-8. */
export const BYTE_ORDER_MARK = "\ufeff";

const MAX_RECORD_BYTES = 64 * 1024;
const DELIMITERS = [",", ";", "\t", "|"] as const;
/** The first line in which a spreadsheet names the delimiter: `sep=;`. */
const NAMED_DELIMITER = /^\ufeff?"?sep=([,;\t|])"?(?:\r?\n|$)/i;
/** A cell that a spreadsheet must not read as a number: `="123"`. */
const TEXT_FORMULA = /^="([^"]*)"$/;
/**
 * A quoted cell with what spreadsheets write before it and people copy around it, but for what separates cells and lines.
 * Matches each such cell as a whole, so that nothing within quotation marks changes.
 */
const QUOTED_CELL =
	/(^|[,;\t|\r\n])[ \u00a0\u2000-\u200a\u202f\u3000\p{Cf}\p{DI}]*=?("(?:[^"]|"")*")[ \u00a0\u2000-\u200a\u202f\u3000\p{Cf}\p{DI}]*(?=[,;\t|\r\n]|$)/gu;
/** A spreadsheet runs a cell that begins with one of these. An apostrophe before it makes the cell text. */
const FORMULA = "[=+\\-@\\t\\r\\uff1d\\uff0b\\uff0d\\uff20]";
const ESCAPED_FORMULA = new RegExp(`^'+${FORMULA}`);

const PROBLEMS: ReadonlyMap<string, string> = new Map([
	["CSV_QUOTE_NOT_CLOSED", "a quotation mark is opened here or below and never closed"],
	["CSV_MAX_RECORD_SIZE", "this row is longer than 64 KiB; perhaps a quotation mark is not closed"],
	["INVALID_OPENING_QUOTE", "a quotation mark stands in a field that does not begin with one"],
	["CSV_INVALID_CLOSING_QUOTE", "text follows the quotation mark that ends a field"],
]);

/** Lines of CSV in which a spreadsheet finds no formula. {@link cellText} gives back what was written. */
export function writeCsv(rows: readonly (readonly (string | number | null)[])[]): string {
	// Text that looks like an escaped formula is escaped once more, so that reading it removes only that escape.
	const cells = rows.map((row) =>
		row.map((cell) => (typeof cell === "string" && ESCAPED_FORMULA.test(cell) ? `'${cell}` : cell)),
	);
	return stringify(cells, {
		escape_formulas: true,
		quoted_match: /[\r\n]/,
		record_delimiter: "\r\n",
	});
}

/** The text of a cell before {@link writeCsv} escaped it. */
export function cellText(cell: string): string {
	return ESCAPED_FORMULA.test(cell) ? cell.slice(1) : cell;
}

/**
 * Reads text separated by commas, semicolons, tabs or bars, as spreadsheets write it. What nobody sees around a cell is left
 * out, and so are empty rows.
 *
 * @param maxRecords the most rows to read, the first line included.
 */
export function readCsv(text: string, maxRecords: number): CsvReading {
	const [named = "", delimiter = delimiterOf(text)] = NAMED_DELIMITER.exec(text) ?? [];
	// The parser counts from the line after it.
	const before = named === "" ? 0 : 1;
	let last = before;
	try {
		const records: CsvRecord[] = [];
		parse(text.slice(named.length).replace(QUOTED_CELL, "$1$2"), {
			bom: true,
			delimiter,
			max_record_size: MAX_RECORD_BYTES,
			relax_column_count: true,
			skip_empty_lines: true,
			skip_records_with_empty_values: true,
			to: maxRecords,
			trim: true,
			on_record: (written: readonly string[], { lines }) => {
				last = before + lines;
				const cells = written.map(textOf);
				if (cells.some((cell) => cell !== "")) {
					records.push({ line: last, cells });
				}
				return null;
			},
		});
		return { kind: "records", records };
	} catch (error) {
		if (!(error instanceof CsvError)) {
			throw error;
		}
		const reason = PROBLEMS.get(error.code) ?? "this row cannot be read";
		const problem = `Line ${last + 1}: ${reason}. Nothing was read. Fix the line and try again.`;
		return { kind: "problem", problem };
	}
}

/** Answers with a file that the browser saves. */
export function sendCsv(c: Context, fileName: string, body: string | ReadableStream): Response {
	return c.body(body, 200, {
		"content-type": "text/csv; charset=utf-8",
		"content-disposition": `attachment; filename="${fileName}"`,
		"cache-control": "no-store",
	});
}

/** What a cell shows in a spreadsheet. */
function textOf(written: string): string {
	const cell = pastedText(written);
	return pastedText(TEXT_FORMULA.exec(cell)?.[1] ?? cell);
}

/** The delimiter that occurs most often in the first line. */
function delimiterOf(text: string): string {
	const header = text.slice(0, MAX_RECORD_BYTES).trimStart().split("\n", 1)[0] ?? "";
	const counted = DELIMITERS.map((each) => ({ each, count: header.split(each).length }));
	return counted.reduce((best, next) => (next.count > best.count ? next : best)).each;
}
