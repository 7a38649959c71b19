// Finding 7: passwords of mail servers and databases stood in the process list.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { readBackupOptions } from "../../src/cli/helpdesk/backup-options.ts";
import { readStartOptions } from "../../src/cli/helpdesk/start-options.ts";
import { commandLine, hasPassword, masked } from "../../src/cli/masked.ts";
import { eventually } from "../kit/eventually.ts";
import { startFakeSmtp } from "../kit/helpdesk/fake-smtp.ts";
import { runCli } from "../kit/helpdesk/run-cli.ts";
import { newDataFolder, startHelpdeskProcess } from "../kit/helpdesk/start-helpdesk.ts";
import { apart, describeOn } from "../kit/storage/test-servers.ts";

const CLI = fileURLToPath(new URL("../../dist/cli.mjs", import.meta.url));
const SMTP = "smtp://user:secret-password@mail.example.com";

function surroundings(env: Record<string, string>, files: Record<string, string> = {}) {
	const readText = (path: string): string => {
		const content = files[path];
		if (content === undefined) {
			throw new Error("there is no such file");
		}
		return content;
	};
	return { command: "start", env, readText };
}

describe("a URL with a password", () => {
	test.each([
		["an argument", ["--smtp", SMTP], {}, {}],
		["a file", ["--smtp-file", "f"], {}, { f: `${SMTP}\n` }],
		["the environment", [], { HELPDESK_SMTP: SMTP }, {}],
	])("comes from %s, for the mail server", (_, args, env, files) => {
		const { smtp } = readStartOptions(args, surroundings(env, files));

		expect(smtp?.server.login?.user).toBe("user");
		expect(smtp?.server.login?.password.reveal()).toBe("secret-password");
		expect(inspect(smtp?.server, { depth: null })).not.toContain("secret-password");
	});

	test.each([
		["an argument", ["--storage", "sqlite:a"], {}, {}],
		["a file", ["--storage-file", "f"], {}, { f: "sqlite:a\n" }],
		["the environment", [], { HELPDESK_STORAGE: "sqlite:a" }, {}],
	])("comes from %s, for the storage of every command", (_, args, env, files) => {
		const given = surroundings(env, files);

		const path = resolve("a");
		expect(readStartOptions(args, given).storage).toMatchObject({ path });
		expect(readBackupOptions("backup", ["b", ...args], given).database).toBe(path);
		expect(readBackupOptions("restore", ["b", ...args], given).database).toBe(path);
	});

	test.each([
		[
			["--smtp", SMTP, "--smtp-file", "f"],
			{},
			"--smtp and --smtp-file f are both given; give one of them",
		],
		[
			["--smtp-file", "f"],
			{ HELPDESK_SMTP: SMTP },
			"--smtp-file f and HELPDESK_SMTP are both given; give one of them",
		],
		[
			["--storage", "memory:"],
			{ HELPDESK_STORAGE: "memory:" },
			"--storage and HELPDESK_STORAGE are both given; give one of them",
		],
		[["--smtp-file", "gone"], {}, "--smtp-file gone cannot be read (there is no such file)"],
		[["--smtp-file", "empty"], {}, "--smtp-file empty does not hold one line with a URL"],
		[["--storage-file", "two"], {}, "--storage-file two does not hold one line with a URL"],
		[["--storage-file", "f"], {}, "--storage-file f must be memory:, sqlite:PATH"],
		[[], { HELPDESK_SMTP: "ftp:secret-password" }, "HELPDESK_SMTP is not a mail server"],
		[[], { HELPDESK_STORAGE: "x:secret-password" }, "HELPDESK_STORAGE must be memory:"],
	])("given as %j with %j is refused in one sentence", (args, env, sentence) => {
		const files = { f: SMTP, empty: "\n", two: `${SMTP}\n${SMTP}\n` };

		let message = "";
		try {
			readStartOptions(args, surroundings(env, files));
		} catch (error) {
			message = String(error);
		}
		expect(message).toContain(sentence);
		expect(message).not.toContain("secret-password");
		expect(message).not.toContain("\n");
	});

	test.each([
		[
			"backup",
			{ HELPDESK_STORAGE: "postgres://u:secret-password@h/x" },
			"HELPDESK_STORAGE names PostgreSQL",
		],
		[
			"restore",
			{ HELPDESK_STORAGE: "redis://u:secret-password@h" },
			"HELPDESK_STORAGE names Redis",
		],
	] as const)("of another storage is not printed by %s", (command, env, sentence) => {
		expect(() => readBackupOptions(command, ["b"], surroundings(env))).toThrow(sentence);
		expect(() => readBackupOptions(command, ["b"], surroundings(env))).toThrow(
			/^(?!.*secret-password)/s,
		);
	});
});

test.each([
	[SMTP, "smtp://user:***@mail.example.com"],
	["--smtp=smtp://u:p%40ss@h:25?from=a@b.example", "--smtp=smtp://u:***@h:25?from=a@b.example"],
	["redis://:pw@h/0", "redis://:***@h/0"],
	["postgres://u:p@h/db?sslmode=require", "postgres://u:***@h/db?sslmode=require"],
	["postgres://h/db?user=u&password=p&x=y", "postgres://h/db?user=u&password=***&x=y"],
	["postgres://u:p/ss@h/db", "postgres://***@h/db"],
	["postgres://u:p?ss@h/db", "postgres://***@h/db"],
	["postgres://u:p#ss@h/db", "postgres://***@h/db"],
	["postgres://u:p@ss@h/db", "postgres://u:***@h/db"],
	["smtp://u:p?from=ss@h", "smtp://***@h"],
	["acorn=https://u:p@h", "acorn=https://u:***@h"],
])("the password in %s is masked", (value, shown) => {
	expect(masked(value)).toBe(shown);
	expect(hasPassword(value)).toBe(true);
	expect(masked(shown)).toBe(shown);
});

test.each([
	"smtp://mail.example.com?from=help@example.com",
	"smtp://user@mail.example.com",
	"sqlite:a@b",
	"acorn=https://help.example.com",
	"help@example.com",
	"--json",
])("%s has no password", (value) => {
	expect(hasPassword(value)).toBe(false);
});

test("a line to run is quoted for a shell, with passwords masked", () => {
	expect(commandLine("start", ["--data", "it's here", `--smtp=${SMTP}?tls=off`, "--json"])).toBe(
		`node dist/cli.mjs start --data 'it'\\''s here' '--smtp=smtp://user:***@mail.example.com?tls=off' --json`,
	);
});

test.each([
	["a surplus argument", ["start", SMTP]],
	["a wrong command", [SMTP]],
	["a flag without a command", [`--smtp=${SMTP}`]],
	["a flag with a typing error", ["start", `--smpt=${SMTP}`]],
	["a base URL", ["start", "--base-url", "acorn=https://user:secret-password@h"]],
	["a base URL of no brand", ["start", "--base-url", "https://user:secret-password@h"]],
	["an X", ["start", "--x-base-url", "https://user:secret-password@h"]],
	["a port", ["start", "--port", SMTP]],
	["a limit", ["start", "--start-limit", SMTP]],
	["a cap", ["start", "--max-connections", SMTP]],
	["an allowed host", ["start", "--allow-private", SMTP]],
	["a proxy", ["start", "--trust-proxy", SMTP]],
	["a file with a URL", ["start", "--smtp-file", SMTP]],
	[
		"a URL without slashes",
		["start", "--storage", "redis:u:secret-password@h", "--smtp", "smtp://h?a=b"],
	],
])("a password in the place of %s is not printed", async (_, args) => {
	const { status, stdout, stderr } = runCli(await newDataFolder(), ...args);

	expect(status).toBe(2);
	expect(`${stdout}${stderr}`).not.toContain("secret-password");
});

test("a password among the arguments is masked in the process list, and warned of once", async () => {
	const smtp = await startFakeSmtp();
	const url = `smtp://user:secret-password@127.0.0.1:${smtp.port}`;
	const { process, printed, ready } = await startHelpdeskProcess(await newDataFolder(), [
		...["--smtp", url, "--storage", "memory:"],
	]);

	const listed = await readFile(`/proc/${process.pid}/cmdline`, "utf8");
	expect(listed).toContain("cli.mjs");
	expect(listed).toContain(`--smtp smtp://user:***@127.0.0.1:${smtp.port}`);
	expect(listed).not.toContain("secret-password");
	expect(ready.admin).toMatch(/^http/);
	const warnings = printed()
		.split("\n")
		.filter((line) => line.includes("password"));
	expect(warnings).toEqual([expect.stringContaining('"start.password-in-arguments"')]);
	expect(printed()).not.toContain("secret-password");
});

test("a password from a file or the environment is not warned of, and the log never has it", async () => {
	const folder = await newDataFolder();
	const file = join(folder, "smtp");
	// Nobody listens there, so that the start logs an error about the mail server.
	await writeFile(file, "smtp://user:secret-password@0.0.0.0:1\n", { mode: 0o600 });
	const { printed } = await startHelpdeskProcess(folder, ["--smtp-file", file], {
		HELPDESK_STORAGE: "memory:",
	});

	expect(printed()).toContain("the mail server cannot be used now, and letters wait");
	expect(printed()).not.toContain("password-in-arguments");
	expect(printed()).not.toContain("secret-password");
});

test("the doctor warns of a password among its arguments, too", async () => {
	const data = await newDataFolder();
	const { ready } = await startHelpdeskProcess(data);
	const { port } = new URL(ready.portals["acorn"] ?? "");

	const { stderr, stdout } = runCli(
		data,
		...["doctor", "--data", data, "--port", port, "--json"],
		...["--smtp", "smtp://user:secret-password@127.0.0.1"],
	);

	expect(JSON.parse(stdout)).toHaveProperty("brands");
	expect(stderr).toContain("start.password-in-arguments");
	expect(stderr).not.toContain("secret-password");
});

const pem = (name: string): string =>
	fileURLToPath(new URL(`../fixtures/tls/mail-${name}.pem`, import.meta.url));

test("a mail server beyond loopback with STARTTLS and a good certificate gets the login over TLS alone", async () => {
	const tls = {
		key: await readFile(pem("key"), "utf8"),
		cert: await readFile(pem("cert"), "utf8"),
	};
	const smtp = await startFakeSmtp(undefined, tls);
	const url = `smtp://user:secret-password@0.0.0.0:${smtp.port}`;

	const { printed } = await startHelpdeskProcess(await newDataFolder(), [], {
		HELPDESK_SMTP: url,
		NODE_EXTRA_CA_CERTS: pem("cert"),
	});

	expect(printed()).not.toContain("mail");
	await eventually(() => expect(smtp.overTls.join("\n")).toMatch(/^AUTH PLAIN/m));
	expect(smtp.clearText.join("\n")).not.toMatch(/^AUTH/m);
});

/** Runs `start` until it ends, beside a mail server in this process. */
async function refusedStart(args: readonly string[], cwd?: string) {
	const child = spawn(process.execPath, [CLI, "start", ...args], { cwd });
	onTestFinished(() => void child.kill());
	const [stderr, [status]] = await Promise.all([text(child.stderr), once(child, "exit")]);
	return { status, stderr };
}

/** Runs a line that a refusal showed, in a shell, until it is ready. @returns its output. */
async function startsWith(line: string, env: Record<string, string> = {}): Promise<string> {
	const command = line.replace("node dist/cli.mjs", `exec '${process.execPath}' '${CLI}'`);
	const child = spawn("sh", ["-c", command], { env: { ...process.env, ...env } });
	onTestFinished(() => void child.kill());
	const output = text(child.stdout);
	await Promise.race([once(child.stdout, "data"), once(child, "exit")]);
	child.kill();
	return output;
}

describe("a start that ran under 0.1.0 either runs or shows the line that does", () => {
	const base = async () => ["--port", "0", "--data", await newDataFolder(), "--json"];

	test("with a mail server beyond loopback that has no TLS", async () => {
		const smtp = await startFakeSmtp();
		const url = `smtp://user:secret-password@0.0.0.0:${smtp.port}?from=help@example.com`;
		const args = [...(await base()), "--smtp", url];

		const { status, stderr } = await refusedStart(args);

		expect(status).toBe(2);
		expect(stderr).toContain("the mail server 0.0.0.0 offers no TLS (STARTTLS)");
		expect(stderr).not.toContain("secret-password");
		expect(smtp.clearText.join("\n")).not.toMatch(/^AUTH/m);
		const [, line = ""] = /^ {2}(node dist.*)$/m.exec(stderr) ?? [];
		expect(line).toContain(`'smtp://user:***@0.0.0.0:${smtp.port}?from=help@example.com&tls=off'`);
		expect(await startsWith(line.replace("***", "secret-password"))).toContain('"portals"');
	});

	test("with that mail server in a file or in the environment", async () => {
		const smtp = await startFakeSmtp();
		const url = `smtp://user:secret-password@0.0.0.0:${smtp.port}`;
		const folder = await newDataFolder();
		await writeFile(join(folder, "smtp"), url);

		const { stderr } = await refusedStart([...(await base()), "--smtp-file", "smtp"], folder);

		expect(stderr).toContain(`write to smtp\n\n  smtp://user:***@0.0.0.0:${smtp.port}?tls=off`);
		await writeFile(join(folder, "smtp"), `${url}?tls=off\n`);
		const args = [...(await base()), "--smtp-file", join(folder, "smtp")];
		expect(await startsWith(commandLine("start", args))).toContain('"portals"');
	});

	test.each([
		["smtp://user:pw@127.0.0.1:1?ignoreTLS=true", "smtp://user:***@127.0.0.1:1?tls=off"],
		["smtp://user:pw@127.0.0.1:1?pool=true", "smtp://user:***@127.0.0.1:1"],
	])("with the options of the mail library in %s", async (url, shown) => {
		const args = [...(await base()), "--smtp", url];

		const { status, stderr } = await refusedStart(args);

		expect(status).toBe(2);
		const [, line = ""] = /^ {2}(node dist.*)$/m.exec(stderr) ?? [];
		expect(line).toContain(shown);
		expect(await startsWith(line.replace("***", "pw"))).toContain('"portals"');
	});

	for (const engine of ["PostgreSQL", "Redis"] as const) {
		describeOn(engine, "as a database elsewhere", (server) => {
			test("without TLS", async () => {
				// Leads back here, and is no loopback address.
				const elsewhere = Object.assign(new URL(apart(server)), { hostname: "0.0.0.0" });
				const args = [...(await base()), "--storage", elsewhere.href];

				const { status, stderr } = await refusedStart(args);

				expect(status).toBe(2);
				const { password } = elsewhere;
				const lines = [...stderr.matchAll(/^ {2}(node dist.*)$/gm)].map(([, line = ""]) => line);
				expect(lines.length).toBeGreaterThan(0);
				expect(lines.join("\n")).not.toContain(`:${password}@`);
				const clearText = lines.find((line) => /sslmode=disable|tls=off/.test(line)) ?? "";
				expect(await startsWith(clearText.replace("***", password))).toContain('"portals"');
			});
		});
	}

	test.each([
		["no flags", []],
		["a mail server on loopback", ["--smtp", "smtp://user:pw@127.0.0.1:1"]],
		["a mail server that is away", ["--smtp", "smtp://user:pw@0.0.0.0:1"]],
		["a mail server with TLS that is away", ["--smtp", "smtps://user:pw@0.0.0.0:1"]],
		["an X", ["--x-base-url", "https://api.x.com"]],
		["an address in a test zone", ["--base-url", "acorn=https://help.example"]],
		["the X of another node", ["--x-base-url", "http://127.0.0.1:1", "--storage", "memory:"]],
	])("with %s", async (_, flags) => {
		expect(await startsWith(commandLine("start", [...(await base()), ...flags]))).toContain(
			'"portals"',
		);
	});
});
