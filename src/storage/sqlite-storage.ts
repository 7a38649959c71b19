import { closeSync, openSync } from "node:fs";
import type { Database } from "libsql";
import type { Clock } from "../contract/clock.ts";
import type {
	StorageCommit,
	StorageEntry,
	StorageKey,
	StoragePage,
	StorageValue,
} from "../contract/storage.ts";
import { copyOfCommit } from "../contract/storage-copies.ts";
import { engineError } from "./engine-error.ts";
import { loadDriver } from "./load-driver.ts";
import type { ListOptions, OrderedStorage } from "./ordered-storage.ts";
import { pageRange } from "./page-range.ts";
import { MOST_PAGES_IN_LOG, SqliteCheckpoints } from "./sqlite-checkpoints.ts";
import { decodeKey, encodeKey } from "./storage-key.ts";
import { storedJson } from "./stored-json.ts";
import { SWEPT_NOW_AND_THEN, SweepSchedule } from "./sweeping.ts";
import { TurnBudget } from "./turn-budget.ts";

/** Value and version. An array, because libsql builds the names of an object for every row. */
type Row = readonly [string, number];

type KeyedRow = readonly [string, ...Row];

/** A change on its way into the database. */
interface Write {
	/**
	 * Writes everything or nothing, or throws, in a transaction that other changes may share. Runs again when another
	 * change's failure has undone it.
	 */
	readonly work: () => void;
	readonly done: () => void;
	readonly failed: (cause: unknown) => void;
}

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
 * The file is in WAL mode with `synchronous=NORMAL`: commits survive the end of the process, even by `kill -9`. After a
 * power cut the last commits may be missing, but the file is sound. With `synchronous=FULL` commits wait for the disk
 * and survive a power cut as well. All writes of one turn of the event loop are one transaction, and reads of many turns let
 * other work in between. Commits sweep, even empty ones.
 */
export class SqliteStorage implements OrderedStorage {
	private readonly database: Database;
	private readonly statements;
	/** Writes that wait for the end of this turn. */
	private readonly waiting: Write[] = [];
	private readonly sweeps: SweepSchedule;
	private readonly checkpoints: SqliteCheckpoints;
	private readonly turn = new TurnBudget();

	/**
	 * @param path the path of the file, which is made if it does not exist. Its folder must exist.
	 * @throws Error when the file cannot be opened or is not a database, or when the package libsql is not installed.
	 */
	constructor(
		private readonly path: string,
		private readonly clock: Clock,
		{ synchronous = "normal" }: { readonly synchronous?: "normal" | "full" } = {},
	) {
		this.sweeps = new SweepSchedule(clock);
		this.checkpoints = new SqliteCheckpoints(path);
		const Database = loadDriver("libsql");
		try {
			// The file holds letters and handles, so only its owner may read it. SQLite gives the files beside it the same
			// mode.
			closeSync(openSync(path, "a", 0o600));
			this.database = new Database(path);
			this.database.exec(
				`PRAGMA journal_mode=WAL; PRAGMA secure_delete=ON; PRAGMA synchronous=${synchronous}; PRAGMA busy_timeout=${BUSY_TIMEOUT_MS}; PRAGMA wal_autocheckpoint=${MOST_PAGES_IN_LOG};`,
			);
			this.database.exec(TABLES);
		} catch (cause) {
			const detail = cause instanceof Error ? cause.message : String(cause);
			throw new Error(
				`the database ${path} cannot be used: ${detail}. Check that its folder exists and is writable, and that the file is an SQLite database`,
				{ cause },
			);
		}
		const living = "(expires_at IS NULL OR expires_at > ?)";
		this.statements = {
			get: this.database
				.prepare(`SELECT value, version FROM entries WHERE key = ? AND ${living}`)
				.raw(),
			delete: this.database.prepare("DELETE FROM entries WHERE key = ?"),
			// A row that is replaced gets another version, too.
			set: this.database.prepare(
				"INSERT OR REPLACE INTO entries (key, value, expires_at) VALUES (?, ?, ?)",
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
		if (this.turn.isSpent()) {
			await this.turn.next();
		}
		const row = this.answer(() => this.living(encoded));
		return row && entryOf(encoded, row);
	}

	async commit(commit: StorageCommit): Promise<boolean> {
		const { checks, sets, deletes } = copyOfCommit(commit);
		const expected = checks.map(({ key, version }) => ({ key: encodeKey(key), version }));
		const removals = deletes.map(encodeKey);
		const writes = sets.map(({ key, value, expiresAt = null }) => ({
			key: encodeKey(key),
			json: storedJson(value),
			expiresAt,
		}));
		const { statements } = this;
		return this.write(() => {
			const fits = expected.every(
				({ key, version }) => (this.living(key)?.[1].toString() ?? null) === version,
			);
			if (!fits) {
				return false;
			}
			for (const key of removals) {
				statements.delete.run([key]);
			}
			for (const { key, json, expiresAt } of writes) {
				statements.set.run([key, json, expiresAt]);
			}
			this.sweepSometimes();
			this.checkpoints.afterWriting(removals.length + writes.length);
			return true;
		});
	}

	async take(key: StorageKey): Promise<StorageEntry | undefined> {
		const encoded = encodeKey(key);
		return this.write(() => {
			const row = this.living(encoded);
			if (row === undefined) {
				return undefined;
			}
			this.statements.delete.run([encoded]);
			return entryOf(encoded, row);
		});
	}

	async list(prefix: StorageKey, options?: ListOptions): Promise<StoragePage> {
		const { after, end, limit } = pageRange(prefix, options);
		if (this.turn.isSpent()) {
			await this.turn.next();
		}
		const now = this.clock.now();
		const rows = this.answer(
			() => this.statements.list.all(after, end, now, limit + 1) as KeyedRow[],
		);
		const entries = rows.slice(0, limit).map(([encoded, ...row]) => entryOf(encoded, row));
		const last = rows[limit - 1]?.[0];
		return rows.length > limit && last !== undefined ? { entries, cursor: last } : { entries };
	}

	close(): void {
		this.writeWaiting();
		this.checkpoints.close();
		try {
			this.database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
		} catch {
			// The disk is full. The next process that opens the file finds everything in the log beside it.
		}
		this.database.close();
	}

	private living(encoded: string): Row | undefined {
		return this.statements.get.get([encoded, this.clock.now()]) as Row | undefined;
	}

	/** Writes at the end of this turn, with the turn's other writes. They share the cost of locks and pages. */
	private write<Result>(work: () => Result): Promise<Result> {
		return new Promise((resolve, failed) => {
			let result: Result;
			if (this.waiting.length === 0) {
				setImmediate(() => this.writeWaiting());
			}
			this.waiting.push({
				work: () => {
					result = work();
				},
				done: () => resolve(result),
				failed,
			});
		});
	}

	private writeWaiting(): void {
		if (this.waiting.length > 0) {
			this.writeTogether(this.waiting.splice(0));
		}
	}

	private writeTogether(writes: readonly Write[]): void {
		let hasBegun = false;
		try {
			this.transact(() => {
				hasBegun = true;
				for (const { work } of writes) {
					work();
				}
			});
		} catch (cause) {
			if (hasBegun && writes.length > 1) {
				// One write failed. Each now runs by itself, so that the others do not fail as well.
				for (const write of writes) {
					this.writeTogether([write]);
				}
			} else {
				for (const { failed } of writes) {
					failed(this.engineError(cause));
				}
			}
			return;
		}
		for (const { done } of writes) {
			done();
		}
	}

	private transact(work: () => void): void {
		this.database.exec("BEGIN IMMEDIATE");
		try {
			work();
			this.database.exec("COMMIT");
		} catch (error) {
			// A full disk ends the transaction. Rolling back would then throw, and hide the first error.
			if (this.database.inTransaction) {
				this.database.exec("ROLLBACK");
			}
			throw error;
		}
	}

	private answer<Result>(work: () => Result): Result {
		try {
			return work();
		} catch (cause) {
			throw this.engineError(cause);
		}
	}

	private engineError(cause: unknown): Error {
		return engineError(`the database ${this.path}`, cause);
	}

	private sweepSometimes(): void {
		if (this.sweeps.isDue()) {
			this.statements.sweep.run(this.clock.now(), SWEPT_NOW_AND_THEN);
		}
	}
}

function entryOf(encoded: string, [value, version]: Row): StorageEntry {
	return {
		key: decodeKey(encoded),
		value: JSON.parse(value) as StorageValue,
		version: version.toString(),
	};
}
