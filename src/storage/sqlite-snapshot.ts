import { pathToFileURL } from "node:url";
import type { Database } from "libsql";
import type { StorageCommit, StorageKey, StorageValue } from "../contract/storage.ts";
import { loadDriver } from "./load-driver.ts";
import { belowPrefix, encodeKey } from "./storage-key.ts";
import { storedJson } from "./stored-json.ts";

const BUSY_TIMEOUT_MS = 5000;

/**
 * Copies a {@link SqliteStorage} as it is at one moment to another file, while others go on writing.
 *
 * @param target an empty file. It keeps its permissions.
 */
export function snapshotSqlite(path: string, target: string): void {
	withDatabase(path, "rw", (database) => {
		database.exec(`PRAGMA busy_timeout=${BUSY_TIMEOUT_MS};`);
		database.prepare("VACUUM INTO ?").run(target);
	});
}

/**
 * Checks whether a file is a sound snapshot, without changing it or leaving anything beside it.
 *
 * @returns what is wrong with it; undefined for a sound one.
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

/**
 * Deletes the entries of a snapshot that are below one of the prefixes and expire. When it returns, the deletion is on the
 * disk, and no trace of them is left in the file or beside it.
 */
export function deleteExpiring(path: string, prefixes: readonly StorageKey[]): void {
	withDatabase(path, "rw", (database) => {
		database.exec("PRAGMA journal_mode=DELETE; PRAGMA secure_delete=ON; PRAGMA synchronous=FULL;");
		const statement = database.prepare(
			"DELETE FROM entries WHERE key > ? AND key < ? AND expires_at IS NOT NULL",
		);
		database.exec("BEGIN IMMEDIATE");
		for (const { start, end } of prefixes.map(belowPrefix)) {
			statement.run(start, end);
		}
		database.exec("COMMIT");
	});
}

/** Reads a value of a snapshot, without leaving anything beside the file. @returns undefined for none. */
export function readFromSnapshot(path: string, key: StorageKey): StorageValue | undefined {
	return withDatabase(path, "ro", (database) => {
		const row = database.prepare("SELECT value FROM entries WHERE key = ?").get(encodeKey(key)) as
			| { readonly value: string }
			| undefined;
		return row && (JSON.parse(row.value) as StorageValue);
	});
}

/** Does a commit without checks in a snapshot. When it returns, it is on the disk, and nothing is beside the file. */
export function commitToSnapshot(
	path: string,
	{ sets = [], deletes = [] }: Omit<StorageCommit, "checks">,
): void {
	withDatabase(path, "rw", (database) => {
		database.exec("PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL;");
		const statement = database.prepare(
			"INSERT OR REPLACE INTO entries (key, value, expires_at) VALUES (?, ?, ?)",
		);
		database.exec("BEGIN IMMEDIATE");
		for (const { key, value, expiresAt = null } of sets) {
			statement.run(encodeKey(key), storedJson(value), expiresAt);
		}
		for (const key of deletes) {
			database.prepare("DELETE FROM entries WHERE key = ?").run(encodeKey(key));
		}
		database.exec("COMMIT");
	});
}

/** Opens it by a URL, because only a URL can say that a missing file must not be made. */
function withDatabase<Result>(
	path: string,
	mode: "ro" | "rw",
	work: (database: Database) => Result,
): Result {
	const Database = loadDriver("libsql");
	const database = new Database(`${pathToFileURL(path).href}?mode=${mode}`);
	try {
		return work(database);
	} finally {
		database.close();
	}
}
