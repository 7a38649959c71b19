import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { newDataFolder, startHelpdeskProcess } from "../kit/helpdesk/start-helpdesk.ts";
import { apart, describeOn } from "../kit/storage/test-servers.ts";

const CLI = fileURLToPath(new URL("../../dist/cli.mjs", import.meta.url));

async function runWith(
	storage: string,
	command = "start",
): Promise<{ status: unknown; stderr: string }> {
	const flags = ["--port", "0", "--data", await newDataFolder(), "--storage", storage];
	const child = spawn(process.execPath, [CLI, command, ...flags]);
	const [stderr, [status]] = await Promise.all([text(child.stderr), once(child, "exit")]);
	return { status, stderr };
}

/** @returns what it printed. */
async function expectRefusal(
	storage: string,
	sentence: string,
	command?: "start" | "doctor",
): Promise<string> {
	const { status, stderr } = await runWith(storage, command);

	expect(stderr).toContain(sentence);
	const [first = "", ...lines] = stderr.trim().split("\n");
	expect(first).toContain(sentence);
	expect(lines.filter((line) => !/^(| {2}node dist\/cli\.mjs .*)$/.test(line))).toEqual([]);
	expect(stderr).not.toContain("secret-password");
	expect(status).toBe(2);
	return stderr;
}

test.each([
	["an unknown storage", "mysql://u:secret-password@localhost/x", "must be memory:, sqlite:PATH"],
	["SQLite in an unknown mode", "sqlite:a.sqlite?synchronous=off", "?synchronous=full"],
	[
		"PostgreSQL nowhere",
		"postgres:secret-password",
		"--storage must be memory:, sqlite:PATH, postgres://HOST/DATABASE or redis://HOST",
	],
	["PostgreSQL in pieces", "postgres://u:1/secret-password@h/x", "percent-encoded"],
	["Redis in pieces", "redis://u:1#secret-password@h/0", "percent-encoded"],
	["PostgreSQL that is not there", "postgres://u:secret-password@127.0.0.1:1/x", "ECONNREFUSED"],
	["PostgreSQL by its long name", "postgresql://u:secret-password@127.0.0.1:1/x", "ECONNREFUSED"],
	["Redis that is not there", "redis://u:secret-password@127.0.0.1:1", "ECONNREFUSED"],
	[
		"Redis elsewhere without TLS",
		"redis://u:secret-password@redis.example.com/0",
		"give rediss://u:***@redis.example.com/0, or redis://u:***@redis.example.com/0?tls=off if",
	],
	[
		"PostgreSQL with a mode that protects nothing",
		"postgres://u:secret-password@db.example.com/x?sslmode=prefer",
		"give postgres://u:***@db.example.com/x?sslmode=verify-full, or",
	],
	["Redis over TLS that is not there", "rediss://u:secret-password@127.0.0.1:1", "ECONNREFUSED"],
])("%s ends the start with one clear sentence and exit code 2", async (_, storage, sentence) => {
	await expectRefusal(storage, sentence);
});

test("PostgreSQL elsewhere without TLS ends the start and the doctor, and both say which URL to give", async () => {
	const server = createServer((socket) => socket.once("data", () => socket.end("N")));
	onTestFinished(() => {
		server.close();
	});
	await once(server.listen(0, "127.0.0.1"), "listening");
	// Leads back here, and is no loopback address.
	const place = `0.0.0.0:${(server.address() as AddressInfo).port}/x`;
	for (const command of ["start", "doctor"] as const) {
		const printed = await expectRefusal(
			`postgres://u:secret-password@${place}`,
			`give the storage URL postgres://u:***@${place}?sslmode=disable if`,
			command,
		);
		expect(printed).toMatch(
			new RegExp(
				`^ {2}node dist/cli\\.mjs ${command} .* --storage 'postgres://u:\\*\\*\\*@${place}\\?sslmode=disable'$`,
				"m",
			),
		);
	}
});

test("the URL of an SQLite storage can ask it to wait for the disk at every commit", async () => {
	const file = join(await newDataFolder(), "full.sqlite");
	const { ready } = await startHelpdeskProcess(await newDataFolder(), [
		"--storage",
		`sqlite:${file}?synchronous=full`,
	]);

	expect((await fetch(`${ready.portals["acorn"]}/healthz`)).status).toBe(200);
});

describeOn("PostgreSQL", "--storage postgres://", (url) => {
	test.each([
		["a wrong password", { password: "secret-password" }, "password authentication failed"],
		["an unknown database", { pathname: "/nowhere" }, 'database "nowhere" does not exist'],
	])("%s ends the start and the doctor with exit code 2", async (_, wrong, sentence) => {
		const { password } = new URL(url);
		const storage = Object.assign(new URL(url), wrong).href;
		for (const command of ["start", "doctor"] as const) {
			const printed = await expectRefusal(storage, sentence, command);
			expect(printed).not.toContain(decodeURIComponent(password));
		}
	});

	test("a port in use ends the start, with any number of open connections", async () => {
		const { ready } = await startHelpdeskProcess(await newDataFolder());
		const { port } = new URL(ready.portals["acorn"] ?? "");
		const flags = ["--data", await newDataFolder(), "--storage", apart(url), "--port", port];
		const child = spawn(process.execPath, [CLI, "start", ...flags]);

		expect(await once(child, "exit")).toEqual([2, null]);
	});
});

describeOn("Redis", "--storage redis://", (url) => {
	test.each([
		["a wrong password", { password: "secret-password" }, "WRONGPASS"],
		["an unknown database", { pathname: "/4711" }, "DB index is out of range"],
	])("%s ends the start and the doctor with exit code 2", async (_, wrong, sentence) => {
		const { password } = new URL(url);
		const storage = Object.assign(new URL(url), wrong).href;
		for (const command of ["start", "doctor"] as const) {
			const printed = await expectRefusal(storage, sentence, command);
			expect(printed).not.toContain(decodeURIComponent(password));
		}
	});
});
