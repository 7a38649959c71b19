import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createClient } from "@redis/client";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import schema from "../../settings-schema.json" with { type: "json" };
import { START_FLAGS } from "../../src/cli/helpdesk/start-options.ts";
import type { HostStorage } from "../../src/contract/storage.ts";
import { systemClock } from "../../src/ports/system-clock.ts";
import { openStorageAt } from "../kit/storage/open-storage-at.ts";
import { apart, describeOn } from "../kit/storage/test-servers.ts";
import { compileAgainstPublished } from "./compile-against-published.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const documents = {
	operators: await readFile(join(root, "src/helpdesk/README.md"), "utf8"),
	vendors: await readFile(join(root, "src/contract/README.md"), "utf8"),
	settings: await readFile(join(root, "src/plugin/README.md"), "utf8"),
};

function examples(document: keyof typeof documents, language: string): string[] {
	const blocks = new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms");
	return [...documents[document].matchAll(blocks)].map(([, code = ""]) => code);
}

test.each([
	["connects a plugin", "createPlugin"],
	["answers the routes", "toNodeHandler"],
	["checks a helpdesk", "describeHostContract"],
])("the vendor's example that %s compiles", async (_, name) => {
	const example = examples("vendors", "ts").find((each) => each.includes(name)) ?? "";

	expect(example).toContain(name);
	expect(await compileAgainstPublished(example)).toBe("");
});

function rowsOf(document: keyof typeof documents): string[] {
	return [...documents[document].matchAll(/^\| `([^`]+)` +\|/gm)].map(([, name = ""]) => name);
}

test("the table of settings names every setting and no other", () => {
	expect(rowsOf("settings")).toEqual(Object.keys(schema.properties));
});

test("the table of flags names every flag and no other", () => {
	const flags = rowsOf("operators").map((row) => row.replace(/^--/, "").split(" ")[0]);

	expect(flags.toSorted()).toEqual(Object.keys(START_FLAGS).toSorted());
});

const expiresAt = Date.now() + 24 * 60 * 60_000;
const LASTS = [
	{ key: ["plugin-data", "x-login", "link", "acorn", "x:1"], value: 1 },
	{ key: ["sign-ins", "x-login", "entry"], value: 1, expiresAt },
	{ key: ["sessions-of-nobody", "x"], value: 1, expiresAt },
];
const ENDS = [
	{ key: ["sessions", "portal", "acorn", "hash"], value: 1, expiresAt },
	{ key: ["operator-codes", "step", "hash", "1"], value: 1, expiresAt },
	{ key: ["passkey-challenges", "used", "hash"], value: true, expiresAt },
	{ key: ["operator-address-codes", "pending", "hash"], value: 1, expiresAt },
	{ key: ["letter-texts", "letter"], value: 1, expiresAt },
	{ key: ["password-resets", "reset", "hash"], value: 1, expiresAt },
	{ key: ["password-guesses", "account", "hash"], value: 1, expiresAt },
	{ key: ["request-counts", "hash"], value: 1, expiresAt },
	{ key: ["alert-events", "id"], value: 1, expiresAt },
	{ key: ["pending-registrations", "hash"], value: 1, expiresAt },
	{ key: ["address-proofs", "pending", "hash"], value: 1, expiresAt },
	{ key: ["plugin-data", "x-login", "pending", "hash"], value: 1, expiresAt },
];

async function keysIn(storage: HostStorage): Promise<string[]> {
	return (await storage.list([])).entries.map(({ key }) => key.join("/")).sort();
}

/** Runs the example with the names of this test's storage, and expects that only lasting entries are left. */
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
	const [example = ""] = examples("operators", language);
	const name = new URL(url).searchParams.get(own) ?? "";
	expect(example).toContain("x_login");

	await run(url.replace(/\?.*/, ""), example.replaceAll("x_login", name));

	expect(await keysIn(storage)).toEqual(LASTS.map(({ key }) => key.join("/")).sort());
}

describeOn("PostgreSQL", "the operator's README, PostgreSQL", (server) => {
	test("the SQL to run after a restore ends sessions, links to set a password and pending log-ins", async () => {
		await expectOnlyLasting(server, "sql", "schema", async (connectionString, example) => {
			const client = new pg.Client({ connectionString });
			await client.connect();
			await client.query(example);
			await client.end();
		});
	});
});

describeOn("Redis", "the operator's README, Redis", (server) => {
	test("the script to run after a restore ends sessions, links to set a password and pending log-ins", async () => {
		await expectOnlyLasting(server, "lua", "prefix", async (url, example) => {
			const client = await createClient({ url }).connect();
			await client.sendCommand(["EVAL", example, "0"]);
			client.destroy();
		});
	});
});
