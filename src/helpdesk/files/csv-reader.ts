import { CsvError, parse } from "csv-parse/sync";
import type { TextKey } from "../locale/locale.ts";
import { pastedText } from "../pasted-text.ts";
import { UnreadableFileError } from "./unreadable-file-error.ts";

/** A row of a file and the line where it ends, from 1. */
export interface CsvRecord {
	readonly line: number;
	readonly cells: readonly string[];
}

const MAX_RECORD_BYTES = 64 * 1024;
/** So much of the start is read until the delimiter is chosen. */
const HEAD_LENGTH = 64 * 1024;
/** Separators do not count as content of a row, so a row may be longer than {@link MAX_RECORD_BYTES}. */
const MAX_ROW_LENGTH = 1024 * 1024;
const DELIMITERS = [",", ";", "\t", "|"] as const;
/** The first line in which a spreadsheet names the delimiter: `sep=;`. */
const NAMED_DELIMITER = /^\ufeff?"?sep=([,;\t|])"?(?:\n|$)/i;
/** A cell that a spreadsheet must not read as a number: `="123"`. */
const TEXT_FORMULA = /^="([^"]*)"$/;
/**
 * A quoted cell with what spreadsheets write before it and people copy around it, but for what separates cells and lines.
 * Matches each such cell as a whole, so that nothing within quotation marks changes.
 */
const QUOTED_CELL =
	/(^|[,;\t|\r\n])[ \u00a0\u2000-\u200a\u202f\u3000\p{Cf}\p{DI}]*=?("(?:[^"]|"")*")[ \u00a0\u2000-\u200a\u202f\u3000\p{Cf}\p{DI}]*(?=[,;\t|\r\n]|$)/gu;
const LINE_FEED = 0x0a;
const QUOTATION_MARK = 0x22;
const EQUALS_SIGN = 0x3d;

const TOO_LONG = "link-file.row-too-long";
const PROBLEMS: ReadonlyMap<string, TextKey> = new Map<string, TextKey>([
	["CSV_QUOTE_NOT_CLOSED", "link-file.quote-not-closed"],
	["CSV_MAX_RECORD_SIZE", TOO_LONG],
	["INVALID_OPENING_QUOTE", "link-file.quote-within"],
	["CSV_INVALID_CLOSING_QUOTE", "link-file.text-after-quote"],
]);

/**
 * Reads text separated by commas, semicolons, tabs or bars, as spreadsheets write it, piece by piece. What nobody sees
 * around a cell is left out, and so are empty rows. It holds one row and the last piece, whatever the length of the file.
 */
export class CsvReader {
	private delimiter: string | undefined;
	/** What was sent and not read yet. */
	private pending = "";
	/** A carriage return at the end of a piece: the next one may begin with the line feed that belongs to it. */
	private isReturnHeld = false;
	/** How much of {@link pending} was searched for the end of a row. */
	private searched = 0;
	private isInQuotes = false;
	/** The lines before {@link pending}. */
	private before = 0;
	/** The line where the last row ended. */
	private last = 0;
	private isFirstBlock = true;

	/** @throws UnreadableFileError for rows that cannot be read. */
	push(piece: string): CsvRecord[] {
		this.pending += this.unixLines(piece);
		if (this.delimiter === undefined) {
			if (this.pending.length < HEAD_LENGTH) {
				return [];
			}
			this.begin();
		}
		const end = this.endOfRows();
		if (end > 0) {
			return this.read(end);
		}
		if (this.pending.length <= MAX_ROW_LENGTH) {
			return [];
		}
		this.read(this.pending.length);
		throw this.problem(TOO_LONG);
	}

	/** Reads the rest. @throws UnreadableFileError for rows that cannot be read. */
	end(): CsvRecord[] {
		this.pending += this.isReturnHeld ? "\n" : "";
		if (this.delimiter === undefined) {
			this.begin();
		}
		return this.read(this.pending.length);
	}

	/** Every end of a line as one line feed, also where a piece ends between the two characters of one. */
	private unixLines(piece: string): string {
		const text = `${this.isReturnHeld ? "\r" : ""}${piece}`;
		this.isReturnHeld = text.endsWith("\r");
		return (this.isReturnHeld ? text.slice(0, -1) : text).replace(/\r\n?/g, "\n");
	}

	private begin(): void {
		const [named = "", delimiter = delimiterOf(this.pending)] =
			NAMED_DELIMITER.exec(this.pending) ?? [];
		this.delimiter = delimiter;
		this.pending = this.pending.slice(named.length);
		this.before = named === "" ? 0 : 1;
		this.last = this.before;
	}

	/** The end of the last row that has arrived as a whole. In quotation marks a line feed ends no row. */
	private endOfRows(): number {
		let end = 0;
		for (; this.searched < this.pending.length; this.searched += 1) {
			const code = this.pending.charCodeAt(this.searched);
			if (code === QUOTATION_MARK) {
				this.isInQuotes = !this.isInQuotes;
			} else if (code === LINE_FEED && !this.isInQuotes) {
				end = this.searched + 1;
			}
		}
		return end;
	}

	private read(end: number): CsvRecord[] {
		const block = this.pending.slice(0, end);
		const records: CsvRecord[] = [];
		try {
			parse(block.replace(QUOTED_CELL, "$1$2"), {
				bom: this.isFirstBlock,
				delimiter: this.delimiter ?? ",",
				max_record_size: MAX_RECORD_BYTES,
				relax_column_count: true,
				skip_empty_lines: true,
				skip_records_with_empty_values: true,
				trim: true,
				on_record: (written: readonly string[], { lines }) => {
					this.last = this.before + lines;
					const cells = written.map(textOf);
					if (cells.some((cell) => cell !== "")) {
						records.push({ line: this.last, cells });
					}
					return null;
				},
			});
		} catch (error) {
			if (!(error instanceof CsvError)) {
				throw error;
			}
			throw this.problem(PROBLEMS.get(error.code) ?? "link-file.row-unreadable", error);
		}
		this.isFirstBlock = false;
		this.before += block.split("\n").length - 1;
		this.pending = this.pending.slice(end);
		this.searched -= end;
		return records;
	}

	private problem(key: TextKey, cause?: Error): UnreadableFileError {
		return new UnreadableFileError({ key, values: { line: String(this.last + 1) } }, { cause });
	}
}

/** What a cell shows in a spreadsheet. */
function textOf(written: string): string {
	// Most cells need no look at each of their characters.
	if (isVisible(written.charCodeAt(0)) && isVisible(written.charCodeAt(written.length - 1))) {
		return written;
	}
	const cell = pastedText(written);
	return pastedText(TEXT_FORMULA.exec(cell)?.[1] ?? cell);
}

/** Whether a character of ASCII is neither white space nor the start of a formula. False for all other characters. */
function isVisible(code: number): boolean {
	return code > 0x20 && code < 0x7f && code !== EQUALS_SIGN;
}

/** The delimiter that occurs most often in the first line. */
function delimiterOf(text: string): string {
	const header = text.slice(0, HEAD_LENGTH).trimStart().split("\n", 1)[0] ?? "";
	const counted = DELIMITERS.map((each) => ({ each, count: header.split(each).length }));
	return counted.reduce((best, next) => (next.count > best.count ? next : best)).each;
}
