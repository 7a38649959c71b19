import { stat } from "node:fs/promises";
import { createClient } from "@redis/client";
import pg from "pg";
import { readStorageOption } from "../../src/cli/helpdesk/storage-option.ts";

/** The bytes that the engine uses: on disk, or in memory for Redis. */
export async function engineBytes(url: string): Promise<number> {
	const option = readStorageOption(url);
	switch (option.kind) {
		case "memory":
			return 0;
		case "sqlite": {
			const files = [option.path, `${option.path}-wal`];
			const sizes = files.map(async (file) => (await stat(file).catch(() => undefined))?.size ?? 0);
			return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
		}
		case "postgres":
			return bytesInPostgres(option.url);
		case "redis":
			return bytesInRedis(option.url);
	}
}

async function bytesInPostgres(url: string): Promise<number> {
	const { searchParams, href } = new URL(url);
	const schema = searchParams.get("schema");
	const client = new pg.Client({ connectionString: href.split("?")[0] ?? "" });
	await client.connect();
	try {
		const { rows } = await client.query<{ bytes: string }>(
			"SELECT pg_total_relation_size(($1 || '.entries')::regclass) AS bytes",
			[schema],
		);
		return Number(rows[0]?.bytes);
	} finally {
		await client.end();
	}
}

async function bytesInRedis(url: string): Promise<number> {
	const client = await createClient({ url: url.split("?")[0] ?? "" }).connect();
	try {
		const [, bytes] = /used_memory:(\d+)/.exec(await client.info("memory")) ?? [];
		return Number(bytes);
	} finally {
		await client.close();
	}
}
