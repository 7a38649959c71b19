import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createClient } from "@redis/client";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import schema from "../../settings-schema.json" with { type: "json" };
import { readStartOptions } from "../../src/cli/helpdesk/start-options.ts";
import type { HostStorage } from "../../src/contract/storage.ts";
import { systemClock } from "../../src/ports/system-clock.ts";
import { openStorageAt } from "../kit/storage/open-storage-at.ts";
import { apart, describeOn } from "../kit/storage/test-servers.ts";
import { compileAgainstPublished } from "./compile-against-published.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const readme = await readFile(join(root, "README.md"), "utf8");

function examples(language: string): string[] {
	return [...readme.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(
		([, code = ""]) => code,
	);
}

test("the plugin developer's example runs", async () => {
	const [example = ""] = examples("js");
	const folder = await mkdtemp(join(tmpdir(), "readme-"));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	await symlink(join(root, "dist"), join(folder, "dist"));
	await symlink(join(root, "node_modules"), join(folder, "node_modules"));
	await writeFile(join(folder, "package.json"), await readFile(join(root, "package.json")));
	await writeFile(join(folder, "try.mjs"), example);

	const { stdout } = await promisify(execFile)(process.execPath, ["try.mjs"], { cwd: folder });

	expect(stdout).toContain("ada@example.com");
});

test.each([
	["connects a plugin", "createPlugin"],
	["checks a helpdesk", "describeHostContract"],
])("the vendor's example that %s compiles", async (_, name) => {
	const example = examples("ts").find((each) => each.includes(name)) ?? "";

	expect(example).toContain(name);
	expect(await compileAgainstPublished(example)).toBe("");
});

test("the tables name every setting and every flag, and no other", () => {
	const rows = [...readme.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, name = ""]) => name);
	const flags = rows.filter((name) => name.startsWith("--")).map((flag) => flag.split(" "));

	expect(rows.filter((name) => !name.startsWith("--"))).toEqual(Object.keys(schema.properties));
	const values: Record<string, string> = {
		N: "7",
		DIR: "d",
		URL: "https://x.example",
		"BRAND=URL": "acorn=https://a.example",
		FILE: "f",
		CIDR: "10.0.0.0/8",
		"--storage": "memory:",
		"--smtp": "smtp://mail.example:25",
	};
	for (const [flag = "", placeholder] of flags) {
		const value = values[flag] ?? values[placeholder ?? ""];
		expect(
			() => readStartOptions(value === undefined ? [flag] : [flag, value]),
			flag,
		).not.toThrow();
	}
	expect(flags).toHaveLength(Object.keys(readStartOptions([])).length);
});

const expiresAt = Date.now() + 24 * 60 * 60_000;
const LASTS = [
	{ key: ["plugin-data", "x-login", "link", "acorn", "x:1"], value: 1 },
	{ key: ["sign-ins", "x-login", "entry"], value: 1, expiresAt },
	{ key: ["sessions-of-nobody", "x"], value: 1, expiresAt },
];
const ENDS = [
	{ key: ["sessions", "portal", "acorn", "hash"], value: 1, expiresAt },
	{ key: ["password-resets", "reset", "hash"], value: 1, expiresAt },
	{ key: ["plugin-data", "x-login", "pending", "hash"], value: 1, expiresAt },
];

async function keysIn(storage: HostStorage): Promise<string[]> {
	return (await storage.list([])).entries.map(({ key }) => key.join("/")).sort();
}

/** Whether only what lasts is there once the example has run, with names of the storage's own in place of the usual ones. */
async function expectOnlyLasting(
	server: string,
	language: string,
	own: "schema" | "prefix",
	run: (url: string, example: string) => Promise<unknown>,
): Promise<void> {
	const url = apart(server);
	const storage = await openStorageAt(url, systemClock);
	onTestFinished(() => storage.close());
	await storage.commit({ sets: [...LASTS, ...ENDS] });
	const [example = ""] = examples(language);
	const name = new URL(url).searchParams.get(own) ?? "";
	expect(example).toContain("x_login");

	await run(url.replace(/\?.*/, ""), example.replaceAll("x_login", name));

	expect(await keysIn(storage)).toEqual(LASTS.map(({ key }) => key.join("/")).sort());
}

describeOn("PostgreSQL", "README, PostgreSQL", (server) => {
	test("what is to be done after pg_restore ends sessions, links and log-ins on their way", async () => {
		await expectOnlyLasting(server, "sql", "schema", async (connectionString, example) => {
			const client = new pg.Client({ connectionString });
			await client.connect();
			await client.query(example);
			await client.end();
		});
	});
});

describeOn("Redis", "README, Redis", (server) => {
	test("what is to be done after Redis was restored ends sessions, links and log-ins on their way", async () => {
		await expectOnlyLasting(server, "lua", "prefix", async (url, example) => {
			const client = await createClient({ url }).connect();
			await client.sendCommand(["EVAL", example, "0"]);
			client.destroy();
		});
	});
});
