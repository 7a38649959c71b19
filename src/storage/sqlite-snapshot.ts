import { pathToFileURL } from "node:url";
import Database from "libsql";

const BUSY_TIMEOUT_MS = 5000;

/**
 * Writes what one moment's reader of a {@link SqliteStorage} would see to another file, while others go on writing.
 *
 * @param target an empty file, whose permissions stay.
 */
export function snapshotSqlite(path: string, target: string): void {
	withDatabase(path, "rw", (database) => {
		database.exec(`PRAGMA busy_timeout=${BUSY_TIMEOUT_MS};`);
		database.prepare("VACUUM INTO ?").run(target);
	});
}

/**
 * Looks whether a file is a sound snapshot, without changing it or leaving anything beside it.
 *
 * @returns what is wrong with it; undefined for a good one.
 */
export function faultOfSnapshot(path: string): string | undefined {
	try {
		return withDatabase(path, "ro", (database) => {
			const rows = database.prepare("PRAGMA integrity_check").all() as {
				readonly integrity_check: string;
			}[];
			const [first] = rows;
			if (first?.integrity_check !== "ok") {
				return first?.integrity_check ?? "it cannot be checked";
			}
			database.prepare("SELECT version, key, value, expires_at FROM entries LIMIT 1").all();
			return undefined;
		});
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
}

/** By a URL, because only that can say that a missing file is not to be made. */
function withDatabase<Result>(
	path: string,
	mode: "ro" | "rw",
	work: (database: Database.Database) => Result,
): Result {
	const database = new Database(`${pathToFileURL(path).href}?mode=${mode}`);
	try {
		return work(database);
	} finally {
		database.close();
	}
}
