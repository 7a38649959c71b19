import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { compileAgainstPublished } from "./compile-against-published.ts";

test("the host module loads no PostgreSQL or Redis client unless a vendor opens one", async () => {
	const host = fileURLToPath(new URL("../../dist/host.mjs", import.meta.url));
	const program = `
		import { createRequire } from "node:module";
		const { MemoryStorage, systemClock } = await import(${JSON.stringify(host)});
		await new MemoryStorage(systemClock).get(["a"]);
		const loaded = Object.keys(createRequire(import.meta.url).cache);
		console.log(loaded.filter((path) => /node_modules.(pg|@redis)/.test(path)).length);
	`;
	const args = ["--input-type=module", "--eval", program];
	const { stdout } = await promisify(execFile)(process.execPath, args);

	expect(stdout).toBe("0\n");
});

test("the types of the storages do not need the clients' types", async () => {
	const output = await compileAgainstPublished(`
import { type HostStorage, PostgresStorage, RedisStorage, SqliteStorage, systemClock } from "x-login/host";

export const storages: HostStorage[] = [
	await PostgresStorage.open("postgres://localhost/helpdesk", systemClock, console.warn),
	await RedisStorage.open("redis://localhost", systemClock),
	new SqliteStorage("helpdesk.sqlite", systemClock, { synchronous: "full" }),
];
`);

	expect(output).toBe("");
});
