import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { createClient } from "@redis/client";
import pg from "pg";

/** The name of a helpdesk's schema, and of its prefix, unless the URL names another. */
const DEFAULT_NAME = "x_login";
const SERVERS = "/usr/lib/postgresql";
/**
 * The statements that make and fill tables. The rest of a dump sets up a session, and differs from version to version.
 */
const STATEMENT = /^(CREATE|ALTER|INSERT|SELECT pg_catalog\.setval)/;
const MAX_BUFFER = 64 * 1024 * 1024;

/** One key of Redis, without the prefix. */
interface RedisLine {
	readonly key: string;
	/** The milliseconds for which Redis itself would have kept it; -1 for ever. */
	readonly ttlMs: number;
	readonly string?: string;
	/** Members and scores. */
	readonly sortedSet?: readonly (readonly [string, number])[];
}

/** One schema as SQL, as `pg_dump` writes it. @param url may name the schema, as the helpdesk's flag does. */
export async function dumpPostgres(url: string): Promise<string> {
	const { address, name } = splitUrl(url, "schema");
	const { stdout } = await promisify(execFile)(
		await pgDump(),
		["--inserts", "--no-owner", "--no-privileges", `--schema=${name}`, `--dbname=${address}`],
		{ maxBuffer: MAX_BUFFER },
	);
	const kept = statementsIn(stdout).filter((statement) => STATEMENT.test(statement));
	return `${kept.join("\n\n")}\n`;
}

/** Loads a dump into the schema that the URL names, which is not there yet. */
export async function loadPostgres(dump: string, url: string): Promise<void> {
	const { address, name } = splitUrl(url, "schema");
	const client = new pg.Client({ connectionString: address });
	await client.connect();
	try {
		await client.query(renamed(dump, name));
	} finally {
		await client.end();
	}
}

/** All keys below one prefix, a line each. @param url may name the prefix, as the helpdesk's flag does. */
export async function dumpRedis(url: string): Promise<string> {
	const { address, name } = splitUrl(url, "prefix");
	const client = await createClient({ url: address }).connect();
	try {
		const lines: RedisLine[] = [];
		for (const whole of (await client.keys(`${name}:*`)).sort()) {
			const key = whole.slice(name.length + 1);
			const ttlMs = Number(await client.pTTL(whole));
			lines.push(
				(await client.type(whole)) === "zset"
					? { key, ttlMs, sortedSet: await membersOf(whole) }
					: { key, ttlMs, string: String(await client.get(whole)) },
			);
		}
		return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
	} finally {
		await client.close();
	}

	async function membersOf(key: string): Promise<[string, number][]> {
		const members = await client.zRangeWithScores(key, 0, -1);
		return members.map(({ value, score }) => [String(value), Number(score)]);
	}
}

/** Loads a dump below the prefix that the URL names. Keys with a time to live get the same time again. */
export async function loadRedis(dump: string, url: string): Promise<void> {
	const { address, name } = splitUrl(url, "prefix");
	const client = await createClient({ url: address }).connect();
	try {
		for (const text of dump.trim().split("\n")) {
			const { key, ttlMs, string, sortedSet } = JSON.parse(text) as RedisLine;
			const whole = `${name}:${key}`;
			if (string !== undefined) {
				await client.set(whole, string);
			}
			if (sortedSet !== undefined) {
				await client.zAdd(
					whole,
					sortedSet.map(([value, score]) => ({ value, score })),
				);
			}
			if (ttlMs >= 0) {
				await client.pExpire(whole, ttlMs);
			}
		}
	} finally {
		await client.close();
	}
}

function splitUrl(
	url: string,
	own: "schema" | "prefix",
): { readonly address: string; readonly name: string } {
	const address = new URL(url);
	const name = address.searchParams.get(own) ?? DEFAULT_NAME;
	address.searchParams.delete(own);
	return { address: address.href, name };
}

/** The newest pg_dump of Debian, as in test/server.sh, or the one on the path. */
async function pgDump(): Promise<string> {
	const versions = await readdir(SERVERS).catch(() => []);
	const newest = versions.sort().at(-1);
	return newest === undefined ? "pg_dump" : join(SERVERS, newest, "bin", "pg_dump");
}

/** A statement of a dump ends with a line that ends in a semicolon, outside of the body of a function. */
function statementsIn(dump: string): string[] {
	const statements: string[] = [];
	let lines: string[] = [];
	for (const line of dump.split("\n")) {
		const isBetween = lines.length === 0 && !STATEMENT.test(line);
		if (isBetween) {
			continue;
		}
		lines.push(line);
		const isInBody = (lines.join("\n").match(/\$\$/g) ?? []).length % 2 === 1;
		if (line.endsWith(";") && !isInBody) {
			statements.push(lines.join("\n"));
			lines = [];
		}
	}
	return statements;
}

/** Renames the schema. Its name is that of the first thing that a dump makes. */
function renamed(dump: string, name: string): string {
	const [, dumped = ""] = /^CREATE SCHEMA "?(\w+)"?;/.exec(dump) ?? [];
	return dump.replaceAll(new RegExp(`\\b${dumped}\\b`, "g"), name);
}
