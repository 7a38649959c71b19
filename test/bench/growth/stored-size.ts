import { stat } from "node:fs/promises";
import { createClient } from "@redis/client";
import pg from "pg";
import { readStorageOption } from "../../../src/cli/helpdesk/storage-option.ts";

/** How many bytes a storage takes: on the disk, or of the memory of its server. Undefined for the process's own memory. */
export async function storedBytes(url: string): Promise<number | undefined> {
	const option = readStorageOption(url);
	switch (option.kind) {
		case "memory":
			return undefined;
		case "sqlite":
			return (await sizeOf(option.path)) + (await sizeOf(`${option.path}-wal`));
		case "postgres":
			return bytesOfSchema(option.url);
		case "redis":
			return usedMemory(option.url);
	}
}

async function sizeOf(path: string): Promise<number> {
	return (await stat(path).catch(() => undefined))?.size ?? 0;
}

async function bytesOfSchema(url: string): Promise<number> {
	const address = new URL(url);
	const schema = address.searchParams.get("schema");
	address.search = "";
	const client = new pg.Client({ connectionString: address.href });
	await client.connect();
	try {
		const { rows } = await client.query<{ bytes: string }>(
			"SELECT pg_total_relation_size(to_regclass($1)) AS bytes",
			[`"${schema}".entries`],
		);
		return Number(rows[0]?.bytes);
	} finally {
		await client.end();
	}
}

/** Of the whole server, with what else is on it. */
async function usedMemory(url: string): Promise<number> {
	const address = new URL(url);
	address.search = "";
	const client = await createClient({ url: address.href }).connect();
	try {
		return Number(/^used_memory:(\d+)/m.exec(await client.info("memory"))?.[1]);
	} finally {
		await client.close();
	}
}
