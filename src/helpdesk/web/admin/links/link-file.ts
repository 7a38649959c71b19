import { CsvError, parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import type { Brand } from "../../../../contract/brands.ts";
import type { ExportedLink, LinkFile, LinkRow } from "../../../../contract/link-transfer.ts";

export const MAX_FILE_BYTES = 5 * 1024 * 1024;
const MAX_ROWS = 50_000;
const MAX_COLUMNS = 200;
const MAX_RECORD_BYTES = 64 * 1024;

/** A row and the line of the file where it ends, from 1. */
export interface FileRow {
	readonly line: number;
	readonly row: LinkRow;
}

/** What a file of links says, or a sentence for the administrator on why it cannot be read. */
export type LinkFileReading =
	| { readonly kind: "rows"; readonly rows: readonly FileRow[] }
	| { readonly kind: "problem"; readonly problem: string };

interface ReadingParts {
	readonly linkFile: LinkFile | undefined;
	readonly brands: readonly Brand[];
	/** Of rows that name no brand. */
	readonly brandId: string;
}

type Column = "id" | "handle" | "email" | "userId" | "brand" | "linkedAt" | "confirmed";
/** Where in a record each column is. */
type Header = ReadonlyMap<Column, number>;

/** Names by which other programs export what is nobody's peculiarity; the first is ours. */
const COMMON_COLUMNS: Readonly<Record<Column, readonly string[]>> = {
	id: ["provider_id", "provider_uid", "provider_user_id", "uid"],
	handle: [],
	email: ["email", "e_mail", "email_address"],
	userId: ["user_id"],
	brand: ["brand", "brand_id"],
	linkedAt: ["linked_at", "created_at"],
	confirmed: ["confirmed"],
};
const DELIMITERS = [",", ";", "\t"] as const;
const DATE = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?)?(Z|[+-]\d\d:?\d\d)?$/;
const CONFIRMED: ReadonlyMap<string, boolean> = new Map([
	["yes", true],
	["no", false],
]);
/** What a spreadsheet would run; a quotation mark before it makes it text. */
const FORMULA = "[=+\\-@\\t\\r\\uff1d\\uff0b\\uff0d\\uff20]";
const ESCAPED_FORMULA = new RegExp(`^'+${FORMULA}`);

const PROBLEMS: ReadonlyMap<string, string> = new Map([
	["CSV_QUOTE_NOT_CLOSED", "a quotation mark is opened here or below, and never closed"],
	["CSV_MAX_RECORD_SIZE", "this row is longer than 64 KiB; perhaps a quotation mark is not closed"],
	["INVALID_OPENING_QUOTE", "a quotation mark stands in a field that does not begin with one"],
	["CSV_INVALID_CLOSING_QUOTE", "text follows the quotation mark that ends a field"],
]);

/** Column names by which the ids of a provider are found. */
export function idColumns(linkFile: LinkFile | undefined): readonly string[] {
	return namesOf("id", linkFile);
}

/** Reads comma, semicolon or tab separated text with a line of column names, in any order. */
export function readLinkFile(typed: string, parts: ReadingParts): LinkFileReading {
	const text = typed.replace(/\r\n?/g, "\n");
	if (Buffer.byteLength(text) > MAX_FILE_BYTES) {
		return problem("The list is larger than 5 MB. Split it, and import one part after the other.");
	}
	let last = 0;
	try {
		const records: { readonly line: number; readonly record: readonly string[] }[] = [];
		parse(text, {
			bom: true,
			delimiter: delimiterOf(text),
			max_record_size: MAX_RECORD_BYTES,
			relax_column_count: true,
			skip_empty_lines: true,
			skip_records_with_empty_values: true,
			to: MAX_ROWS + 2,
			trim: true,
			on_record: (record: readonly string[], { lines }) => {
				last = lines;
				records.push({ line: lines, record });
				return null;
			},
		});
		return readRecords(records, parts);
	} catch (error) {
		if (!(error instanceof CsvError)) {
			throw error;
		}
		const reason = PROBLEMS.get(error.code) ?? "this row cannot be read";
		return problem(`Line ${last + 1}: ${reason}. Nothing was read; mend the line and try again.`);
	}
}

/** One page of a file that {@link readLinkFile} reads. */
export function writeLinks(
	links: readonly (ExportedLink & {
		readonly email: string;
		readonly brandId: string;
		readonly confirmed: boolean;
	})[],
): string {
	return csv(
		links.map(({ identityId, handle, email, userId, brandId, linkedAt, confirmed }) => [
			identityId,
			handle,
			email,
			userId,
			brandId,
			new Date(linkedAt).toISOString(),
			confirmed ? "yes" : "no",
		]),
	);
}

/** The line of column names before {@link writeLinks}. */
export function linkFileHeader(linkFile: LinkFile | undefined): string {
	const columns = ["id", "handle", "email", "userId", "brand", "linkedAt", "confirmed"] as const;
	return csv([columns.map((column) => namesOf(column, linkFile)[0] ?? "handle")]);
}

/** Lines of CSV in which no cell is a formula to a spreadsheet. */
export function csv(rows: readonly (readonly string[])[]): string {
	// What begins like an escaped formula is escaped once more, so that reading gives back what was written.
	const cells = rows.map((row) =>
		row.map((cell) => (ESCAPED_FORMULA.test(cell) ? `'${cell}` : cell)),
	);
	return stringify(cells, {
		escape_formulas: true,
		quoted_match: /[\r\n]/,
		record_delimiter: "\r\n",
	});
}

function problem(sentence: string): LinkFileReading {
	return { kind: "problem", problem: sentence };
}

/** The one that the line of column names has most of. */
function delimiterOf(text: string): string {
	const header = text.slice(0, MAX_RECORD_BYTES).trimStart().split("\n", 1)[0] ?? "";
	const counted = DELIMITERS.map((each) => ({ each, count: header.split(each).length }));
	return counted.reduce((best, next) => (next.count > best.count ? next : best)).each;
}

function readRecords(
	[first, ...records]: readonly { readonly line: number; readonly record: readonly string[] }[],
	parts: ReadingParts,
): LinkFileReading {
	if (first === undefined || records.length === 0) {
		return problem(
			"There is no row to import. Paste the list or choose a file; its first line names the columns.",
		);
	}
	if (records.length > MAX_ROWS) {
		return problem(
			"The list has more than 50,000 rows. Split it, and import one part after the other; each needs the line of column names.",
		);
	}
	if (first.record.length > MAX_COLUMNS) {
		return problem(
			`The first line names more than ${MAX_COLUMNS} columns. Leave out those that are not read.`,
		);
	}
	const header = readHeader(first.record, parts.linkFile);
	if (typeof header === "string") {
		return problem(header);
	}
	const width = first.record.length;
	const overlong = records.find(({ record }) => record.slice(width).some((cell) => cell !== ""));
	if (overlong !== undefined) {
		return problem(
			`Line ${overlong.line}: there are ${overlong.record.length} fields, but the first line names ${width}. Put text that holds the separator in quotation marks.`,
		);
	}
	return {
		kind: "rows",
		rows: records.map(({ line, record }) => ({ line, row: readRow(record, header, parts) })),
	};
}

/** @returns a sentence when columns are missing or named twice. */
function readHeader(names: readonly string[], linkFile: LinkFile | undefined): Header | string {
	const header = new Map<Column, number>();
	for (const [index, typed] of names.entries()) {
		const name = typed.toLowerCase().replace(/[\s-]+/g, "_");
		const column = (Object.keys(COMMON_COLUMNS) as Column[]).find((each) =>
			namesOf(each, linkFile).includes(name),
		);
		const earlier = column && header.get(column);
		if (earlier !== undefined) {
			return `The columns “${names[earlier]}” and “${typed}” mean the same. Keep one of them.`;
		}
		if (column !== undefined) {
			header.set(column, index);
		}
	}
	if (!header.has("id")) {
		return `The first line names no column of ids. Call it ${namesOf("id", linkFile).join(", ")}.`;
	}
	if (!header.has("email") && !header.has("userId")) {
		return "The first line names no column of users. Add one called email or user_id.";
	}
	return header;
}

function readRow(record: readonly string[], header: Header, parts: ReadingParts): LinkRow {
	const cell = (column: Column): string => unescaped(record[header.get(column) ?? -1] ?? "");
	const confirmed = CONFIRMED.get(cell("confirmed").toLowerCase());
	const linkedAt = DATE.test(cell("linkedAt")) ? dateIn(cell("linkedAt")) : undefined;
	return {
		brandId: brandIn(cell("brand"), parts),
		identityId: cell("id"),
		email: cell("email"),
		userId: cell("userId"),
		handle: cell("handle"),
		...(linkedAt !== undefined && { linkedAt }),
		...(confirmed !== undefined && { confirmed }),
	};
}

function brandIn(typed: string, { brands, brandId }: ReadingParts): string {
	if (typed === "") {
		return brandId;
	}
	const name = typed.toLowerCase();
	return brands.find((brand) => [brand.id, brand.name.toLowerCase()].includes(name))?.id ?? typed;
}

/** @returns undefined for a day that there is not; times without a zone are UTC. */
function dateIn(typed: string): number | undefined {
	const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(typed.slice(10)) || typed.length === 10;
	const time = Date.parse(`${typed.replace(" ", "T")}${zoned ? "" : "Z"}`);
	return Number.isNaN(time) ? undefined : time;
}

function unescaped(cell: string): string {
	return ESCAPED_FORMULA.test(cell) ? cell.slice(1) : cell;
}

function namesOf(column: Column, linkFile: LinkFile | undefined): readonly string[] {
	const ofProvider =
		column === "id"
			? linkFile?.idColumns
			: column === "handle"
				? linkFile?.handleColumns
				: undefined;
	return [...(ofProvider ?? []), ...COMMON_COLUMNS[column]];
}
