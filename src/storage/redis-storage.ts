import { randomBytes } from "node:crypto";
import type { RedisClientType } from "@redis/client";
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
import { COMMIT_SCRIPT, LIST_SCRIPT, type RedisScript, TAKE_SCRIPT } from "./redis-scripts.ts";
import { otherRedisUrls, REDIS_TLS_PARAMETERS, redisTls } from "./redis-tls.ts";
import { type OtherUrls, tlsError } from "./server-tls.ts";
import { readServerUrl } from "./server-url.ts";
import { decodeKey, encodeKey } from "./storage-key.ts";
import { storedJson } from "./stored-json.ts";
import { SWEPT_AFTER_MS, SWEPT_WITH_EACH_COMMIT } from "./sweeping.ts";
import { NoAnswerError, withinTime } from "./within-time.ts";

const CONNECT_MS = 4000;
/** The time a call waits for a lost connection to come back. */
const RECONNECT_MS = 2000;
/** The most calls that may wait. */
const MAX_WAITING = 10_000;
const MAX_RETRY_DELAY_MS = 500;
const ANSWER_MS = 5000;
/** Stands for a version that no entry has, because the script takes an empty one for no entry. */
const NO_VERSION = " ";

/**
 * Storage under one prefix of a Redis database, which any number of nodes may share.
 *
 * Commits survive a crash and a power cut of the server if it keeps an append-only file with `appendfsync always`, and
 * the server evicts nothing if `maxmemory-policy` is `noeviction`. Opening warns about any other setting. A call
 * rejects within seven seconds when there is no server or no answer. After a lost answer it is not known whether a
 * commit happened, but it happened wholly or not at all. The connection comes back by itself. Every commit sweeps, even
 * an empty one.
 */
export class RedisStorage implements OrderedStorage {
	private constructor(
		private client: RedisClientType,
		private readonly newClient: () => RedisClientType,
		private readonly prefix: string,
		private readonly engine: string,
		private readonly clock: Clock,
	) {}

	/**
	 * Connects. Keys begin with `x_login:`, or the prefix that the URL names.
	 *
	 * @param url `rediss://user:password@host:port/database` for TLS, whose certificate and name are checked, with
	 * `?sslrootcert=FILE` for an authority of your own; `redis:` on loopback, and with `?tls=off` elsewhere. With
	 * `?prefix=NAME` several storages share a database.
	 * @param warn called with a sentence when the server may lose commits.
	 * @throws Error when the server cannot be used. It contains nothing of the password.
	 */
	static async open(
		url: string,
		clock: Clock,
		warn?: (sentence: string) => void,
	): Promise<RedisStorage> {
		const server = readServerUrl(url, {
			schemes: /^rediss?:\/\//,
			example: "rediss://user:password@redis.example.com:6379/0",
			own: "prefix",
			tls: REDIS_TLS_PARAMETERS,
			defaultHost: "localhost",
		});
		const { href, address, own } = server;
		const tls = await redisTls(server);
		const engine = `Redis at ${address}`;
		const { createClient } = loadDriver("@redis/client");
		let isOpen = false;
		const newClient = (): RedisClientType => {
			const client: RedisClientType = createClient({
				url: href,
				commandsQueueMaxLength: MAX_WAITING,
				commandOptions: { timeout: RECONNECT_MS },
				maintNotifications: "disabled",
				socket: {
					...(tls && { ...tls, tls: true }),
					connectTimeout: CONNECT_MS,
					reconnectStrategy: (retries) => isOpen && Math.min(retries * 50, MAX_RETRY_DELAY_MS),
				},
			});
			// Calls reject with the error.
			client.on("error", () => undefined);
			return client;
		};
		const client = await connected(newClient, engine, otherRedisUrls(server));
		isOpen = true;
		const storage = new RedisStorage(client, newClient, own ?? "x_login", engine, clock);
		try {
			await storage.lookAtDurability(warn);
			// A database user without the right to write fails now.
			await storage.commit({});
		} catch (error) {
			await storage.close();
			throw error;
		}
		return storage;
	}

	async get(key: StorageKey): Promise<StorageEntry | undefined> {
		const encoded = encodeKey(key);
		const stored = await this.answer((client) => client.get(`${this.prefix}:entry:${encoded}`));
		return this.livingEntry(encoded, stored);
	}

	async commit(commit: StorageCommit): Promise<boolean> {
		const { checks, sets, deletes } = copyOfCommit(commit);
		// Random, because a counter could repeat itself after the server lost commits and came back.
		const commitId = randomBytes(12).toString("base64url");
		const now = this.clock.now();
		const numbers = [
			...[now, now - SWEPT_AFTER_MS, SWEPT_WITH_EACH_COMMIT],
			...[checks.length, deletes.length, sets.length],
		];
		const done = await this.run(COMMIT_SCRIPT, [
			...numbers.map(String),
			...checks.flatMap(({ key, version }) => [
				encodeKey(key),
				version === "" ? NO_VERSION : (version ?? ""),
			]),
			...deletes.map(encodeKey),
			...sets.flatMap(({ key, value, expiresAt = Number.POSITIVE_INFINITY }, index) => {
				const expiry = expiresAt === Number.POSITIVE_INFINITY ? "-" : String(expiresAt);
				const stored = `${commitId}.${index} ${expiry} ${storedJson(value)}`;
				return [encodeKey(key), expiry, stored];
			}),
		]);
		return done === 1;
	}

	async take(key: StorageKey): Promise<StorageEntry | undefined> {
		const encoded = encodeKey(key);
		const stored = await this.run(TAKE_SCRIPT, [encoded]);
		return this.livingEntry(encoded, stored);
	}

	async list(prefix: StorageKey, options?: ListOptions): Promise<StoragePage> {
		const { end, limit, ...range } = pageRange(prefix, options);
		const entries: StorageEntry[] = [];
		let { after } = range;
		let last = after;
		while (true) {
			const found = await this.run(LIST_SCRIPT, [after, end, String(limit + 1)]);
			const pairs = Array.isArray(found) ? found : [];
			for (let index = 0; index < pairs.length; index += 2) {
				after = String(pairs[index]);
				const entry = this.readableEntry(after, pairs[index + 1]);
				if (entry !== undefined && entries.length === limit) {
					return { entries, cursor: last };
				}
				if (entry !== undefined) {
					entries.push(entry);
					last = after;
				}
			}
			if (pairs.length / 2 <= limit) {
				return { entries };
			}
		}
	}

	/** Waits for calls that are under way. */
	async close(): Promise<void> {
		await withinTime(this.client.close(), ANSWER_MS).catch(() => this.client.destroy());
	}

	/** A server may refuse to show its settings. Then there is no warning. */
	private async lookAtDurability(warn: ((sentence: string) => void) | undefined): Promise<void> {
		const wanted = { appendonly: "yes", appendfsync: "always", "maxmemory-policy": "noeviction" };
		const names = Object.keys(wanted);
		const settings = await this.answer((client) => client.configGet(names)).catch(() => wanted);
		const wrong = Object.entries(wanted).filter(
			([name, value]) => new Map(Object.entries(settings)).get(name) !== value,
		);
		if (wrong.length > 0) {
			const advice = wrong.map(([name, value]) => `${name} ${value}`).join(", ");
			warn?.(`${this.engine} may lose commits; set ${advice}`);
		}
	}

	/** One broken entry does not hide the others of a list. */
	private readableEntry(encoded: string, stored: unknown): StorageEntry | undefined {
		try {
			return this.livingEntry(encoded, stored);
		} catch (error) {
			if (error instanceof SyntaxError) {
				return undefined;
			}
			throw error;
		}
	}

	private livingEntry(encoded: string, stored: unknown): StorageEntry | undefined {
		if (typeof stored !== "string") {
			return undefined;
		}
		const [version = "", expiry = ""] = stored.split(" ", 2);
		const json = stored.slice(version.length + expiry.length + 2);
		if (expiry !== "-" && this.clock.now() >= Number(expiry)) {
			return undefined;
		}
		return { key: decodeKey(encoded), value: JSON.parse(json) as StorageValue, version };
	}

	private run({ lua, sha1 }: RedisScript, args: readonly string[]): Promise<unknown> {
		const options = { keys: [], arguments: [this.prefix, ...args] };
		return this.answer(async (client) => {
			try {
				return await client.evalSha(sha1, options);
			} catch (error) {
				// A restarted server has forgotten its scripts.
				if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) {
					throw error;
				}
				return client.eval(lua, options);
			}
		});
	}

	private async answer<Result>(
		call: (client: RedisClientType) => Promise<Result>,
	): Promise<Result> {
		const { client } = this;
		try {
			return await withinTime(call(client), RECONNECT_MS + ANSWER_MS);
		} catch (cause) {
			if (cause instanceof NoAnswerError && client === this.client) {
				this.client = this.newClient();
				client.destroy();
				// The client tries until it succeeds or is destroyed.
				this.client.connect().catch(() => undefined);
			}
			throw engineError(this.engine, cause);
		}
	}
}

async function connected(
	newClient: () => RedisClientType,
	engine: string,
	otherUrls: OtherUrls,
): Promise<RedisClientType> {
	try {
		return await newClient().connect();
	} catch (cause) {
		throw tlsError(engine, cause, otherUrls) ?? engineError(engine, cause);
	}
}
