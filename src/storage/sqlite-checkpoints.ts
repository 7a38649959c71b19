import type Database from "libsql/promise";
import { loadDriver } from "./load-driver.ts";

/** Rows in the log beside the file after which they are copied into the file. About 2 MB. */
const ROWS_BETWEEN = 1_000;

/**
 * Pages of the log, 16 MB, after which a commit copies what is left itself, so that the log begins again. Writes that never
 * pause would lengthen it without end.
 */
export const MOST_PAGES_IN_LOG = 4_096;

/**
 * Copies what is committed from SQLite's log into its file, on another thread. A commit that does it itself waits for the
 * disk, and everybody who uses this process waits with it.
 *
 * SQLite, Write-Ahead Logging, section 2.1: https://sqlite.org/wal.html#ckpt
 */
export class SqliteCheckpoints {
	private database: Database | undefined;
	private isCopying = false;
	private rows = 0;

	/** @param path that of the database, which is in WAL mode. */
	constructor(private readonly path: string) {}

	/** Counts rows that were written, and begins to copy when there are enough. */
	afterWriting(rows: number): void {
		this.rows += rows;
		if (this.rows >= ROWS_BETWEEN && !this.isCopying) {
			this.rows = 0;
			this.isCopying = true;
			void this.copy();
		}
	}

	close(): void {
		this.database?.close();
		this.database = undefined;
	}

	/** Where it fails, the next one copies more, and SQLite does it itself in the end. Nothing that is committed is lost. */
	private async copy(): Promise<void> {
		try {
			this.database ??= new (loadDriver("libsql/promise"))(this.path, {});
			await this.database.exec("PRAGMA wal_checkpoint(PASSIVE)");
		} catch {
			// The disk is full, or the file is closed. A commit says so, if it concerns one.
		} finally {
			this.isCopying = false;
		}
	}
}
