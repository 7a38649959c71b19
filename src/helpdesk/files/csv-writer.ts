import { stringify } from "csv-stringify/sync";

/** Tells spreadsheets that a file is UTF-8. */
export const BYTE_ORDER_MARK = "\ufeff";

/** A spreadsheet runs a cell that begins with one of these. An apostrophe before it makes the cell text. */
const FORMULA = "[=+\\-@\\t\\r\\uff1d\\uff0b\\uff0d\\uff20]";
const ESCAPED_FORMULA = new RegExp(`^'+${FORMULA}`);

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
