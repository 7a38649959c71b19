import type { Pool, QueryResultRow } from "pg";
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
import { schemaSql } from "./postgres-schema.ts";
import { readServerUrl } from "./server-url.ts";
import { belowPrefix, decodeKey, encodeKey } from "./storage-key.ts";
import { withinTime } from "./within-time.ts";

interface Row {
	readonly key: string;
	readonly value: string;
	readonly version: string;
}

const PAGE = 100;
const CONNECTIONS = 10;
/** A sweep comes with the first commit after so many others, or so long, whichever is sooner. */
const COMMITS_BETWEEN_SWEEPS = 100;
const MS_BETWEEN_SWEEPS = 60_000;
const SWEPT_AT_ONCE = 1000;
/** The clocks of nodes differ a little: what is swept is gone by all of them. */
const SWEPT_AFTER_MS = 60_000;
/** For a free connection, or a new one. */
const CONNECT_MS = 4000;
/** The server gives a statement up, and undoes it, before the client gives the server up. */
const STATEMENT_MS = 4000;
const ANSWER_MS = 5000;

// Plans are made while a table is small and kept while it grows: they must not read all of it.
const SESSION = `
	SET statement_timeout = ${STATEMENT_MS};
	SET default_transaction_isolation = 'read committed';
	SET enable_seqscan = off;
	SET jit = off;
`;

const LIVING = "(expires_at IS NULL OR expires_at > $2)";

/**
 * Storage in one schema of a PostgreSQL database, which any number of nodes may share.
 *
 * What a commit wrote survives crash and power cut of the server, as far as its `fsync` and `synchronous_commit` are
 * on, which they are unless somebody turned them off. A call that meets no server, or a server that does not answer,
 * rejects within ten seconds; whether a commit happened whose answer was lost is not known, but it happened wholly or
 * not at all. The next call connects anew. Commits sweep what has expired, empty ones as well.
 */
export class PostgresStorage implements HostStorage {
	private commits = 0;
	private sweptAt: number;

	private constructor(
		private readonly pool: Pool,
		private readonly schema: string,
		private readonly engine: string,
		private readonly clock: Clock,
	) {
		this.sweptAt = clock.now();
	}

	/**
	 * Connects and makes what is not there: the schema `x_login`, or the one that the URL names.
	 *
	 * @param url `postgres://user:password@host:port/database`, with libpq's parameters such as `sslmode`; with
	 * `?schema=NAME` several storages share a database.
	 * @param warn told in a sentence when the server may lose what was committed.
	 * @param make false: what is not there is not made, and refused.
	 * @throws Error when the server cannot be used; without anything of the password.
	 */
	static async open(
		url: string,
		clock: Clock,
		warn?: (sentence: string) => void,
		make = true,
	): Promise<PostgresStorage> {
		const { href, address, own } = readServerUrl(url, {
			schemes: /^postgres(ql)?:\/\//,
			example: "postgres://user:password@db.example.com:5432/helpdesk",
			own: "schema",
		});
		const { default: pg } = await import("pg");
		const pool = new pg.Pool({
			connectionString: href,
			max: CONNECTIONS,
			connectionTimeoutMillis: CONNECT_MS,
			query_timeout: ANSWER_MS,
			keepAlive: true,
			onConnect: (client) => client.query(SESSION),
		});
		// A connection that dies while nobody uses it is replaced when somebody does.
		pool.on("error", () => undefined);
		const storage = new PostgresStorage(
			pool,
			`"${own ?? "x_login"}"`,
			`PostgreSQL at ${address}`,
			clock,
		);
		try {
			await storage.setUp(warn, make);
			// One who may not write learns it now.
			await storage.commit({});
		} catch (error) {
			await storage.close();
			throw error;
		}
		return storage;
	}

	async get(key: StorageKey): Promise<StorageEntry | undefined> {
		const [row] = await this.query<Row>(
			"get",
			`SELECT key, value, version FROM ${this.schema}.entries WHERE key = $1 AND ${LIVING}`,
			[encodeKey(key), this.clock.now()],
		);
		return row && entryOf(row);
	}

	async commit({ checks = [], sets = [], deletes = [] }: StorageCommit): Promise<boolean> {
		// Of two sets of one key the last one counts.
		const writes = new Map(sets.map((set) => [encodeKey(set.key), set]));
		const [row] = await this.query<{ done: boolean }>(
			"commit",
			`SELECT ${this.schema}.commit_entries($1, $2, $3, $4, $5, $6, $7) AS done`,
			[
				checks.map(({ key }) => encodeKey(key)),
				checks.map(({ version }) => version),
				deletes.map(encodeKey),
				[...writes.keys()],
				[...writes.values()].map(({ value }) => JSON.stringify(value)),
				[...writes.values()].map(({ expiresAt = null }) => expiresAt),
				this.clock.now(),
			],
		);
		this.sweepSometimes();
		return row?.done === true;
	}

	async take(key: StorageKey): Promise<StorageEntry | undefined> {
		const [row] = await this.query<Row>(
			"take",
			`SELECT key, value, version FROM ${this.schema}.take_entry($1, $2)`,
			[encodeKey(key), this.clock.now()],
		);
		return row && entryOf(row);
	}

	async list(
		prefix: StorageKey,
		{ cursor, limit = PAGE }: { readonly cursor?: string; readonly limit?: number } = {},
	): Promise<StoragePage> {
		const { start, end } = belowPrefix(prefix);
		const rows = await this.query<Row>(
			"list",
			`SELECT key, value, version FROM ${this.schema}.entries
			WHERE key > $1 AND ${LIVING} AND key < $3 ORDER BY key LIMIT $4`,
			[cursor ?? start, this.clock.now(), end, limit + 1],
		);
		const entries = rows.slice(0, limit).map(entryOf);
		const last = rows[limit - 1]?.key;
		return rows.length > limit && last !== undefined ? { entries, cursor: last } : { entries };
	}

	/** Lets calls end that are under way. */
	async close(): Promise<void> {
		await withinTime(this.pool.end(), ANSWER_MS).catch(() => undefined);
	}

	private async setUp(
		warn: ((sentence: string) => void) | undefined,
		make: boolean,
	): Promise<void> {
		const [server] = await this.query<{
			encoding: string;
			fsync: string;
			synchronous: string;
			made: boolean;
		}>(
			"server",
			`SELECT current_setting('server_encoding') AS encoding, current_setting('fsync') AS fsync,
			current_setting('synchronous_commit') AS synchronous,
			to_regproc('${this.schema}.take_entry') IS NOT NULL AS made`,
		);
		if (!make && server?.made === false) {
			throw engineError(this.engine, new Error(`nothing is stored in the schema ${this.schema}`));
		}
		if (server?.encoding !== "UTF8") {
			throw engineError(
				this.engine,
				new Error(
					`the database has the encoding ${server?.encoding}; make one with the encoding UTF8`,
				),
			);
		}
		const off = Object.entries({ fsync: server.fsync, synchronous_commit: server.synchronous })
			.filter(([, value]) => value === "off")
			.map(([name]) => name);
		if (off.length > 0) {
			warn?.(
				`${this.engine} may lose what was committed when it crashes, because ${off.join(" and ")} is off`,
			);
		}
		// Nodes that start at once make it once.
		await this.query(
			undefined,
			`DO $set_up$
			BEGIN
				PERFORM pg_advisory_xact_lock(hashtextextended('set up ${this.schema}', 0));
				IF to_regnamespace('${this.schema}') IS NULL THEN
					CREATE SCHEMA ${this.schema};
				END IF;
				IF to_regproc('${this.schema}.take_entry') IS NULL THEN
					${schemaSql(this.schema)}
				END IF;
			END $set_up$`,
		);
	}

	private async query<Result extends QueryResultRow>(
		name: string | undefined,
		text: string,
		values: unknown[] = [],
	): Promise<Result[]> {
		try {
			const { rows } = await this.pool.query<Result>({ ...(name && { name }), text, values });
			return rows;
		} catch (cause) {
			throw engineError(this.engine, cause);
		}
	}

	private sweepSometimes(): void {
		this.commits += 1;
		const now = this.clock.now();
		if (this.commits >= COMMITS_BETWEEN_SWEEPS || now - this.sweptAt >= MS_BETWEEN_SWEEPS) {
			this.commits = 0;
			this.sweptAt = now;
			// Nobody waits for it, and what one sweep leaves the next one finds.
			this.query(
				"sweep",
				`DELETE FROM ${this.schema}.entries WHERE key = ANY (ARRAY (
					SELECT key FROM ${this.schema}.entries WHERE expires_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED
				))`,
				[now - SWEPT_AFTER_MS, SWEPT_AT_ONCE],
			).catch(() => undefined);
		}
	}
}

function entryOf({ key, value, version }: Row): StorageEntry {
	return { key: decodeKey(key), value: JSON.parse(value) as StorageValue, version };
}
