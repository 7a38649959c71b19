import type { FileRow } from "./link-file.ts";
import { type StoredRow, storedRow } from "./stored-rows.ts";

/** The most rows of a part: one step of a job imports them while visitors wait. */
const MOST_ROWS = 50;
/** The most bytes of a part as JSON, and of what is around its rows. */
const MOST_BYTES = 64 * 1024;
const AROUND_BYTES = 64;

/** Collects rows into parts that are small enough. */
export class RowParts {
	private rows: StoredRow[] = [];
	private bytes = AROUND_BYTES;

	/** @returns the part before this row, where the row does not fit into it any more. */
	add(row: FileRow): readonly StoredRow[] | undefined {
		const stored = storedRow(row);
		const bytes = Buffer.byteLength(JSON.stringify(stored)) + 1;
		const isFull = this.rows.length === MOST_ROWS || this.bytes + bytes > MOST_BYTES;
		const part = isFull ? this.rest() : undefined;
		this.rows.push(stored);
		this.bytes += bytes;
		return part;
	}

	/** What is left; empty for nothing. */
	rest(): readonly StoredRow[] {
		const { rows } = this;
		this.rows = [];
		this.bytes = AROUND_BYTES;
		return rows;
	}
}
