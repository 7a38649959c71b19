import type { Pool, QueryResultRow } from "pg";
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
import { schemaSql } from "./postgres-schema.ts";
import { otherPostgresUrls, POSTGRES_TLS_PARAMETERS, postgresTls } from "./postgres-tls.ts";
import { tlsError } from "./server-tls.ts";
import { readServerUrl, type ServerUrl } from "./server-url.ts";
import { decodeKey, encodeKey } from "./storage-key.ts";
import { storedJson } from "./stored-json.ts";
import { SWEPT_AFTER_MS, SWEPT_NOW_AND_THEN, SweepSchedule } from "./sweeping.ts";
import { withinTime } from "./within-time.ts";

interface Row {
	readonly key: string;
	readonly value: string;
	readonly version: string;
}

const CONNECTIONS = 10;
/** The time a call waits for a free connection or a new one. */
const CONNECT_MS = 4000;
/** The server ends a statement, and undoes it, before the client stops waiting for the server. */
const STATEMENT_MS = 4000;
const ANSWER_MS = 5000;

// The server plans while the table is small and keeps the plans while it grows. They must not read the whole table.
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
 * Commits survive a crash and a power cut of the server if its `fsync` and `synchronous_commit` are on, as they are by
 * default. A call rejects within ten seconds when there is no server or no answer. After a lost answer it is not known
 * whether a commit happened, but it happened wholly or not at all. The next call connects again. Commits sweep, even
 * empty ones.
 */
export class PostgresStorage implements OrderedStorage {
	private readonly sweeps: SweepSchedule;

	private constructor(
		private readonly pool: Pool,
		private readonly schema: string,
		private readonly engine: string,
		private readonly clock: Clock,
	) {
		this.sweeps = new SweepSchedule(clock);
	}

	/**
	 * Connects, and makes the schema if it does not exist: `x_login`, or the one that the URL names.
	 *
	 * @param url `postgres://user:password@host:port/database`; with `?schema=NAME` several storages share a database.
	 * Off loopback and Unix sockets, the connection uses TLS and checks the certificate and its name, unless libpq's
	 * parameters `sslmode` and `sslrootcert` say otherwise.
	 * @param warn called with a sentence when the server may lose commits.
	 * @param make whether to make a schema that does not exist; otherwise a missing schema is an error.
	 * @throws Error when the server cannot be used. It contains nothing of the password.
	 */
	static async open(
		url: string,
		clock: Clock,
		warn?: (sentence: string) => void,
		make = true,
	): Promise<PostgresStorage> {
		const server = readServerUrl(url, {
			schemes: /^postgres(ql)?:\/\//,
			example: "postgres://user:password@db.example.com:5432/helpdesk",
			own: "schema",
			tls: POSTGRES_TLS_PARAMETERS,
			// As the client does.
			defaultHost: process.env["PGHOST"] || "localhost",
			hostParameter: true,
		});
		const { own, address } = server;
		const pool = await openPool(server);
		const storage = new PostgresStorage(
			pool,
			`"${own ?? "x_login"}"`,
			`PostgreSQL at ${address}`,
			clock,
		);
		try {
			await storage.setUp(warn, make);
			// A database user without the right to write fails now.
			await storage.commit({});
		} catch (error) {
			await storage.close();
			const { cause } = error as Error;
			throw tlsError(storage.engine, cause, otherPostgresUrls(server)) ?? error;
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

	async commit(commit: StorageCommit): Promise<boolean> {
		const { checks, sets, deletes } = copyOfCommit(commit);
		// If two sets have one key, the last one counts.
		const writes = new Map(sets.map((set) => [encodeKey(set.key), set]));
		const [row] = await this.query<{ done: boolean }>(
			"commit",
			`SELECT ${this.schema}.commit_entries($1, $2, $3, $4, $5, $6, $7) AS done`,
			[
				checks.map(({ key }) => encodeKey(key)),
				// PostgreSQL's text has no NUL. No version has one either.
				checks.map(({ version }) => version?.replaceAll("\0", " ") ?? null),
				deletes.map(encodeKey),
				[...writes.keys()],
				[...writes.values()].map(({ value }) => storedJson(value)),
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

	async list(prefix: StorageKey, options?: ListOptions): Promise<StoragePage> {
		const { after, end, limit } = pageRange(prefix, options);
		const rows = await this.query<Row>(
			"list",
			`SELECT key, value, version FROM ${this.schema}.entries
			WHERE key > $1 AND ${LIVING} AND key < $3 ORDER BY key LIMIT $4`,
			[after, this.clock.now(), end, limit + 1],
		);
		const entries = rows.slice(0, limit).map(entryOf);
		const last = rows[limit - 1]?.key;
		return rows.length > limit && last !== undefined ? { entries, cursor: last } : { entries };
	}

	/** Waits for calls that are under way. */
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
				`${this.engine} may lose commits when it crashes, because ${off.join(" and ")} is off`,
			);
		}
		// Nodes that start at the same time make it once.
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
		if (this.sweeps.isDue()) {
			// Nobody waits for the sweep. The next one deletes the entries that this one leaves.
			this.query(
				"sweep",
				`DELETE FROM ${this.schema}.entries WHERE key = ANY (ARRAY (
					SELECT key FROM ${this.schema}.entries WHERE expires_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED
				))`,
				[this.clock.now() - SWEPT_AFTER_MS, SWEPT_NOW_AND_THEN],
			).catch(() => undefined);
		}
	}
}

async function openPool(server: ServerUrl): Promise<Pool> {
	const ssl = await postgresTls(server);
	const negotiation = server.tls.get("sslnegotiation");
	const pg = loadDriver("pg");
	const pool = new pg.Pool({
		connectionString: server.href,
		...(ssl !== undefined && { ssl }),
		...(negotiation === "direct" && { sslnegotiation: negotiation }),
		max: CONNECTIONS,
		connectionTimeoutMillis: CONNECT_MS,
		query_timeout: ANSWER_MS,
		keepAlive: true,
		onConnect: (client) => client.query(SESSION),
	});
	// The pool replaces a connection that died while it was idle.
	pool.on("error", () => undefined);
	return pool;
}

function entryOf({ key, value, version }: Row): StorageEntry {
	return { key: decodeKey(key), value: JSON.parse(value) as StorageValue, version };
}
