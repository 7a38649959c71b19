import { randomBytes } from "node:crypto";
import pg from "pg";
import { onTestFinished } from "vitest";

/** A new database on a server, with what some statements put into it. @returns its URL. */
export async function postgresDatabase(server: string, ...statements: string[]): Promise<string> {
	const name = `coming_from_${randomBytes(8).toString("hex")}`;
	await run(server, `CREATE DATABASE ${name}`);
	onTestFinished(() => run(server, `DROP DATABASE ${name} WITH (FORCE)`));
	const url = new URL(server);
	url.pathname = `/${name}`;
	await run(url.href, ...statements);
	return url.href;
}

async function run(url: string, ...statements: string[]): Promise<void> {
	const client = new pg.Client(url);
	await client.connect();
	try {
		for (const statement of statements) {
			await client.query(statement);
		}
	} finally {
		await client.end();
	}
}
