import type { Brand } from "../../contract/brands.ts";
import type { ExportedLink, LinkFile, LinkRow } from "../../contract/link-transfer.ts";
import { CsvReader, type CsvRecord } from "./csv-reader.ts";
import { cellText, writeCsv } from "./csv-writer.ts";
import { UnreadableFileError } from "./unreadable-file-error.ts";

const MAX_ROWS = 1_000_000;
const MAX_COLUMNS = 200;

/** A link of a file and the line where it ends, from 1. */
export interface FileRow {
	readonly line: number;
	readonly row: LinkRow;
}

interface ReadingParts {
	readonly linkFile: LinkFile | undefined;
	readonly brands: readonly Brand[];
	/** The brand of rows that name none. */
	readonly brandId: string;
	/** The most rows of a file. Left out: {@link MAX_ROWS}. */
	readonly mostRows?: number;
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

/** Reads a list of links as CSV, piece by piece. Its first line names the columns, in any order. */
export class LinkFileReader {
	private readonly csv = new CsvReader();
	private names: readonly string[] | undefined;
	private header: Header | undefined;
	private count = 0;

	constructor(private readonly parts: ReadingParts) {}

	/** @throws UnreadableFileError for a list that cannot be read. */
	push(piece: string): FileRow[] {
		return this.rowsOf(this.csv.push(piece));
	}

	/** Reads the rest. @throws UnreadableFileError for a list that cannot be read, or that has no row. */
	end(): FileRow[] {
		const rows = this.rowsOf(this.csv.end());
		if (this.count === 0) {
			throw new UnreadableFileError({ key: "link-file.no-rows" });
		}
		return rows;
	}

	private rowsOf(records: readonly CsvRecord[]): FileRow[] {
		return records.flatMap((record) => {
			if (this.names === undefined) {
				this.names = record.cells;
				return [];
			}
			return [this.rowOf(record, this.names)];
		});
	}

	private rowOf({ line, cells }: CsvRecord, names: readonly string[]): FileRow {
		const { linkFile, mostRows = MAX_ROWS } = this.parts;
		// The names are read with the first row: a list without one is told so, whatever its names.
		this.header ??= readHeader(names, linkFile);
		this.count += 1;
		if (this.count > mostRows) {
			const values = { rows: mostRows };
			throw new UnreadableFileError({ key: "link-file.too-many-rows", values });
		}
		if (cells.slice(names.length).some((cell) => cell !== "")) {
			const values = { line: String(line), fields: cells.length, columns: names.length };
			throw new UnreadableFileError({ key: "link-file.too-many-fields", values });
		}
		return { line, row: readRow(cells, this.header, this.parts) };
	}
}

/** Writes some rows of a file that {@link LinkFileReader} reads. */
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

/** @throws UnreadableFileError where a column is missing or named twice. */
function readHeader(names: readonly string[], linkFile: LinkFile | undefined): Header {
	if (names.length > MAX_COLUMNS) {
		throw new UnreadableFileError({ key: "link-file.too-many-columns" });
	}
	const header = new Map<Column, number>();
	for (const [index, typed] of names.entries()) {
		const name = typed.toLowerCase().replace(/[\s-]+/g, "_");
		const column = COLUMNS.find((each) => namesOf(each, linkFile).includes(name));
		const earlier = column && header.get(column);
		if (earlier !== undefined) {
			const values = { column: names[earlier] ?? "", other: typed };
			throw new UnreadableFileError({ key: "link-file.same-columns", values });
		}
		if (column !== undefined) {
			header.set(column, index);
		}
	}
	if (!header.has("id")) {
		const values = { names: { either: namesOf("id", linkFile) } };
		throw new UnreadableFileError({ key: "link-file.no-id-column", values });
	}
	if (!header.has("email") && !header.has("userId")) {
		throw new UnreadableFileError({ key: "link-file.no-user-column" });
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
