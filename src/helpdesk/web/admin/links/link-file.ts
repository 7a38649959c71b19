import type { Brand } from "../../../../contract/brands.ts";
import type { ExportedLink, LinkFile, LinkRow } from "../../../../contract/link-transfer.ts";
import { type CsvRecord, cellText, readCsv, writeCsv } from "../csv.ts";
import { MAX_LIST_BYTES } from "../uploads.ts";

const MAX_ROWS = 50_000;
const MAX_COLUMNS = 200;
/** One row more than may be imported, so that a longer list is noticed, and the line of column names. */
const READ_RECORDS = MAX_ROWS + 2;

/** A link of a file and the line where it ends, from 1. */
export interface FileRow {
	readonly line: number;
	readonly row: LinkRow;
}

/** The links of a file, or a sentence that tells the administrator why it cannot be read. */
export type LinkFileReading =
	| { readonly kind: "rows"; readonly rows: readonly FileRow[] }
	| { readonly kind: "problem"; readonly problem: string };

interface ReadingParts {
	readonly linkFile: LinkFile | undefined;
	readonly brands: readonly Brand[];
	/** The brand of rows that name none. */
	readonly brandId: string;
}

/** The columns in the order of an export. */
const COLUMNS = ["id", "handle", "email", "userId", "brand", "linkedAt", "confirmed"] as const;
type Column = (typeof COLUMNS)[number];
/** The position of each column in a record. */
type Header = ReadonlyMap<Column, number>;

/** The names that other programs give a column; the first is ours. */
const COMMON_COLUMNS: Readonly<Record<Column, readonly string[]>> = {
	id: ["provider_id", "provider_uid", "provider_user_id", "uid"],
	handle: [],
	email: ["email", "e_mail", "email_address"],
	userId: ["user_id"],
	brand: ["brand", "brand_id"],
	linkedAt: ["linked_at", "created_at"],
	confirmed: ["confirmed"],
};
const DATE = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?)?(Z|[+-]\d\d:?\d\d)?$/;
const CONFIRMED: ReadonlyMap<string, boolean> = new Map([
	["yes", true],
	["no", false],
]);

/** The names of the column that holds a provider's ids. */
export function idColumns(linkFile: LinkFile | undefined): readonly string[] {
	return namesOf("id", linkFile);
}

/** Reads a list of links as CSV. Its first line names the columns, in any order. */
export function readLinkFile(typed: string, parts: ReadingParts): LinkFileReading {
	const text = typed.replace(/\r\n?/g, "\n");
	if (Buffer.byteLength(text) > MAX_LIST_BYTES) {
		return problem("The list is larger than 5 MB. Split it and import one part after the other.");
	}
	const reading = readCsv(text, READ_RECORDS);
	return reading.kind === "problem" ? reading : readRecords(reading.records, parts);
}

/** Writes some rows of a file that {@link readLinkFile} reads. */
export function writeLinks(
	links: readonly (ExportedLink & {
		readonly email: string;
		readonly brandId: string;
		readonly confirmed: boolean;
	})[],
): string {
	return writeCsv(
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

/** The first line of a file, before {@link writeLinks}. */
export function linkFileHeader(linkFile: LinkFile | undefined): string {
	return writeCsv([COLUMNS.map((column) => namesOf(column, linkFile)[0] ?? "handle")]);
}

function problem(sentence: string): LinkFileReading {
	return { kind: "problem", problem: sentence };
}

function readRecords(
	[first, ...records]: readonly CsvRecord[],
	parts: ReadingParts,
): LinkFileReading {
	if (first === undefined || records.length === 0) {
		return problem(
			"There is no row to import. Paste the list or choose a file. Its first line names the columns.",
		);
	}
	if (records.length > MAX_ROWS) {
		return problem(
			"The list has more than 50,000 rows. Split it and import one part after the other. Each part needs the line of column names.",
		);
	}
	if (first.cells.length > MAX_COLUMNS) {
		return problem(
			`The first line names more than ${MAX_COLUMNS} columns. Leave out the columns that the import does not read.`,
		);
	}
	const header = readHeader(first.cells, parts.linkFile);
	if (typeof header === "string") {
		return problem(header);
	}
	const width = first.cells.length;
	const overlong = records.find(({ cells }) => cells.slice(width).some((cell) => cell !== ""));
	if (overlong !== undefined) {
		return problem(
			`Line ${overlong.line}: there are ${overlong.cells.length} fields, but the first line names ${width}. Put quotation marks around text that contains the separator.`,
		);
	}
	return {
		kind: "rows",
		rows: records.map(({ line, cells }) => ({ line, row: readRow(cells, header, parts) })),
	};
}

/** @returns a sentence where a column is missing or named twice. */
function readHeader(names: readonly string[], linkFile: LinkFile | undefined): Header | string {
	const header = new Map<Column, number>();
	for (const [index, typed] of names.entries()) {
		const name = typed.toLowerCase().replace(/[\s-]+/g, "_");
		const column = COLUMNS.find((each) => namesOf(each, linkFile).includes(name));
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

function readRow(cells: readonly string[], header: Header, parts: ReadingParts): LinkRow {
	const cell = (column: Column): string => cellText(cells[header.get(column) ?? -1] ?? "");
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

/** Times without a zone are UTC. @returns undefined for a day that does not exist. */
function dateIn(typed: string): number | undefined {
	const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(typed.slice(10)) || typed.length === 10;
	const time = Date.parse(`${typed.replace(" ", "T")}${zoned ? "" : "Z"}`);
	return Number.isNaN(time) ? undefined : time;
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
