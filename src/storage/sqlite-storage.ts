import { closeSync, openSync } from "node:fs";
import Database from "libsql";
import type { Clock } from "../contract/clock.ts";
import type {
	HostStorage,
	StorageCommit,
	StorageEntry,
	StorageKey,
	StoragePage,
	StorageValue,
} from "../contract/storage.ts";
import { engineError } from "./engine-error.ts";
import { belowPrefix, decodeKey, encodeKey } from "./storage-key.ts";

/** Value and version. Rows as arrays, because libsql names each column of an object anew. */
type Row = readonly [string, number];

type KeyedRow = readonly [string, ...Row];

const PAGE = 100;
/** A sweep comes with the first commit after so many others, or so long, whichever is sooner. */
const COMMITS_BETWEEN_SWEEPS = 100;
const MS_BETWEEN_SWEEPS = 60_000;
const SWEPT_AT_ONCE = 1000;
const BUSY_TIMEOUT_MS = 5000;

// An AUTOINCREMENT id is never used again, so it serves as the version of a write.
const TABLES = `
	CREATE TABLE IF NOT EXISTS entries (
		version INTEGER PRIMARY KEY AUTOINCREMENT,
		key TEXT NOT NULL UNIQUE,
		value TEXT NOT NULL,
		expires_at INTEGER
	);
	CREATE INDEX IF NOT EXISTS entries_by_expiry ON entries (expires_at) WHERE expires_at IS NOT NULL;
`;

/**
 * Storage in one SQLite file, which several processes of one machine may share.
 *
 * In WAL mode with `synchronous=NORMAL`: what a commit wrote survives the process, `kill -9` included; after a
 * power cut the last commits may be missing, and the file is still sound. With `synchronous=FULL` commits survive
 * that, too, and each of them waits for the disk. Commits sweep what has expired, empty ones as well.
 */
export class SqliteStorage implements HostStorage {
	private readonly database: Database.Database;
	private readonly statements;
	private commits = 0;
	private sweptAt: number;

	/**
	 * @param path of the file, made when it is not there; its folder must exist.
	 * @throws Error when the file cannot be opened or is no database.
	 */
	constructor(
		private readonly path: string,
		private readonly clock: Clock,
		{ synchronous = "normal" }: { readonly synchronous?: "normal" | "full" } = {},
	) {
		this.sweptAt = clock.now();
		try {
			// Letters and handles are in it: for its owner alone, as SQLite makes the files beside it, too.
			closeSync(openSync(path, "a", 0o600));
			this.database = new Database(path);
			this.database.exec(
				`PRAGMA journal_mode=WAL; PRAGMA secure_delete=ON; PRAGMA synchronous=${synchronous}; PRAGMA busy_timeout=${BUSY_TIMEOUT_MS};`,
			);
			this.database.exec(TABLES);
		} catch (cause) {
			const detail = cause instanceof Error ? cause.message : String(cause);
			throw new Error(
				`the database ${path} cannot be used: ${detail}. Check that its folder exists, that it may be written, and that the file is an SQLite database`,
				{ cause },
			);
		}
		const living = "(expires_at IS NULL OR expires_at > ?)";
		this.statements = {
			get: this.database
				.prepare(`SELECT value, version FROM entries WHERE key = ? AND ${living}`)
				.raw(),
			delete: this.database.prepare("DELETE FROM entries WHERE key = ?"),
			insert: this.database.prepare(
				"INSERT INTO entries (key, value, expires_at) VALUES (?, ?, ?)",
			),
			list: this.database
				.prepare(
					`SELECT key, value, version FROM entries WHERE key > ? AND key < ? AND ${living} ORDER BY key LIMIT ?`,
				)
				.raw(),
			sweep: this.database.prepare(
				"DELETE FROM entries WHERE version IN (SELECT version FROM entries WHERE expires_at <= ? LIMIT ?)",
			),
		};
	}

	async get(key: StorageKey): Promise<StorageEntry | undefined> {
		const encoded = encodeKey(key);
		const row = this.answer(() => this.living(encoded));
		return row && entryOf([...key], row);
	}

	async commit({ checks = [], sets = [], deletes = [] }: StorageCommit): Promise<boolean> {
		const expected = checks.map(({ key, version }) => ({ key: encodeKey(key), version }));
		const removals = deletes.map(encodeKey);
		const writes = sets.map(({ key, value, expiresAt = null }) => ({
			key: encodeKey(key),
			json: JSON.stringify(value),
			expiresAt,
		}));
		const { get, ...write } = this.statements;
		return this.immediately(() => {
			const fits = expected.every(
				({ key, version }) => (this.living(key)?.[1].toString() ?? null) === version,
			);
			if (!fits) {
				return false;
			}
			for (const key of removals) {
				write.delete.run(key);
			}
			for (const { key, json, expiresAt } of writes) {
				write.delete.run(key);
				write.insert.run(key, json, expiresAt);
			}
			this.sweepSometimes();
			return true;
		});
	}

	async take(key: StorageKey): Promise<StorageEntry | undefined> {
		const encoded = encodeKey(key);
		return this.immediately(() => {
			const row = this.living(encoded);
			if (row === undefined) {
				return undefined;
			}
			this.statements.delete.run(encoded);
			return entryOf([...key], row);
		});
	}

	async list(
		prefix: StorageKey,
		{ cursor, limit = PAGE }: { readonly cursor?: string; readonly limit?: number } = {},
	): Promise<StoragePage> {
		const { start, end } = belowPrefix(prefix);
		const now = this.clock.now();
		const rows = this.answer(
			() => this.statements.list.all(cursor ?? start, end, now, limit + 1) as KeyedRow[],
		);
		const entries = rows
			.slice(0, limit)
			.map(([encoded, ...row]) => entryOf(decodeKey(encoded), row));
		const last = rows[limit - 1]?.[0];
		return rows.length > limit && last !== undefined ? { entries, cursor: last } : { entries };
	}

	close(): void {
		try {
			this.database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
		} catch {
			// There is no space for it; whoever opens the file next finds all of it in the log beside it.
		}
		this.database.close();
	}

	private living(encoded: string): Row | undefined {
		return this.statements.get.get(encoded, this.clock.now()) as Row | undefined;
	}

	private immediately<Result>(work: () => Result): Result {
		return this.answer(() => {
			this.database.exec("BEGIN IMMEDIATE");
			try {
				const result = work();
				this.database.exec("COMMIT");
				return result;
			} catch (error) {
				// A full disk has ended the transaction already, and what went wrong is to be told, not that.
				if (this.database.inTransaction) {
					this.database.exec("ROLLBACK");
				}
				throw error;
			}
		});
	}

	private answer<Result>(work: () => Result): Result {
		try {
			return work();
		} catch (cause) {
			throw engineError(`the database ${this.path}`, cause);
		}
	}

	private sweepSometimes(): void {
		this.commits += 1;
		const now = this.clock.now();
		if (this.commits >= COMMITS_BETWEEN_SWEEPS || now - this.sweptAt >= MS_BETWEEN_SWEEPS) {
			this.commits = 0;
			this.sweptAt = now;
			this.statements.sweep.run(now, SWEPT_AT_ONCE);
		}
	}
}

function entryOf(key: StorageKey, [value, version]: Row): StorageEntry {
	return { key, value: JSON.parse(value) as StorageValue, version: version.toString() };
}
