import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
	chmod,
	copyFile,
	cp,
	mkdir,
	mkdtemp,
	readdir,
	readFile,
	rm,
	stat,
	symlink,
	writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import Database from "libsql";
import { beforeAll, expect, test } from "vitest";
import { CommandError } from "../../src/cli/command-error.ts";
import { backup } from "../../src/cli/helpdesk/backup.ts";
import { restore } from "../../src/cli/helpdesk/restore.ts";
import { systemClock } from "../../src/ports/system-clock.ts";
import { SqliteStorage } from "../../src/storage/sqlite-storage.ts";
import { approveAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { runCli } from "../kit/helpdesk/run-cli.ts";
import { newDataFolder, type Ready, startHelpdeskProcess } from "../kit/helpdesk/start-helpdesk.ts";

const CLI = fileURLToPath(new URL("../../dist/cli.mjs", import.meta.url));
const KEY = Buffer.alloc(32, 1).toString("base64");
const OTHER_KEY = Buffer.alloc(32, 2).toString("base64");

const run = (args: readonly string[]) => runCli(tmpdir(), ...args);

/** What a helpdesk leaves in its data folder. */
async function fillData(data: string): Promise<void> {
	const storage = new SqliteStorage(join(data, "helpdesk.sqlite"), systemClock);
	await storage.commit({ sets: [{ key: ["accounts", "1"], value: "Grace" }] });
	storage.close();
	await writeFile(join(data, "key"), KEY);
	await writeFile(join(data, "fake-x.json"), '{"apiKey":"a","apiKeySecret":"b"}');
}

async function dataFolder(): Promise<string> {
	const data = await newDataFolder();
	await fillData(data);
	return data;
}

/** Why a command is not carried out; the command line prints it and ends with 2. */
async function refusalOf(
	command: (args: readonly string[]) => Promise<void>,
	args: readonly string[],
): Promise<string> {
	const error = await command(args).then(
		() => undefined,
		(cause: unknown) => cause,
	);
	if (!(error instanceof CommandError)) {
		throw error ?? new Error("it was not refused");
	}
	expect(error.message.split("\n")).toHaveLength(1);
	return error.message;
}

let good: string;
beforeAll(async () => {
	const parent = await mkdtemp(join(tmpdir(), "backup-"));
	good = join(parent, "backup");
	const data = join(parent, "data");
	await mkdir(data);
	await fillData(data);
	expect(run(["backup", good, "--data", data])).toMatchObject({ status: 0, stderr: "" });
	return () => rm(parent, { recursive: true });
});

/** A good backup of such a folder. */
async function backedUp(): Promise<string> {
	const folder = await newDataFolder();
	await cp(good, folder, { recursive: true });
	return folder;
}

/** Name and content of every file, so that any change shows. */
async function contentOf(folder: string): Promise<Readonly<Record<string, string>>> {
	const names = await readdir(folder).catch(() => []);
	const entries = names.map(async (name) => [
		name,
		(await readFile(join(folder, name))).toString("base64"),
	]);
	return Object.fromEntries(await Promise.all(entries));
}

async function goThroughX(portal: string, accountId: string): Promise<HttpVisitor> {
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login`);
	await visitor.submit("/login/x-login/start");
	await visitor.open(await approveAtX(visitor.seen.url, { accountId }));
	return visitor;
}

async function logInOperator({ admin, operator }: Ready, password: string): Promise<HttpVisitor> {
	const visitor = new HttpVisitor();
	await visitor.open(`${admin}/login`);
	await visitor.submit("/admin/login", { email: operator.email, password });
	return visitor;
}

/** The link of the only letter that has one. */
async function passwordLink(ready: Ready, password: string): Promise<string> {
	const operator = await logInOperator(ready, password);
	const { html } = await operator.open(`${ready.admin}/mailbox`);
	return /http:\/\/127[^\s<]+\/reset\?token=[\w-]+/.exec(html)?.[0] ?? "";
}

/** The first part of each stored key, and the third one besides where plugins store. */
async function kindsIn(path: string): Promise<readonly string[]> {
	const database = new Database(path);
	const rows = database.prepare("SELECT key FROM entries").all() as { readonly key: string }[];
	database.close();
	const kinds = rows.map(({ key }) => {
		const [first = "", , third = ""] = key.split("/");
		return first === "plugin-data" ? `${first} ${third}` : first;
	});
	return [...new Set(kinds)];
}

async function setUpX({ admin, fakeX }: Ready, operator: HttpVisitor): Promise<void> {
	const integrations = "/admin/settings/general/integrations";
	const { origin } = new URL(admin);
	await operator.open(`${origin}${integrations}`);
	await operator.submit(`${integrations}/x-login/activate`);
	await operator.open(`${origin}${integrations}/x-login?brand=acorn`);
	const { apiKey, apiKeySecret } = fakeX;
	await operator.submit(`${integrations}/x-login?brand=acorn`, { apiKey, apiKeySecret });
	await operator.open(`${admin}/settings/users/social-login/x-login`);
	await operator.submit("/admin/settings/users/social-login/x-login", { acorn: "on" });
}

test("a helpdesk that is backed up while it takes log-ins is there again after a restore", async () => {
	const data = await newDataFolder();
	const first = await startHelpdeskProcess(data, ["--start-limit", "0"]);
	const password = first.ready.operator.password ?? "";
	const portal = first.ready.portals["acorn"] ?? "";
	await setUpX(first.ready, await logInOperator(first.ready, password));
	await goThroughX(portal, "2244994945");
	const grace = new HttpVisitor();
	await grace.open(`${portal}/register`);
	const account = { name: "Grace", email: "grace@example.com", password: "correct horse" };
	await grace.submit("/register", account);
	await grace.submit("/account/password-link");
	const link = await passwordLink(first.ready, password);
	const onTheWay = new HttpVisitor();
	await onTheWay.open(`${portal}/login`);
	await onTheWay.submit("/login/x-login/start");
	expect(await kindsIn(join(data, "helpdesk.sqlite"))).toEqual(
		expect.arrayContaining(["sessions", "password-resets", "plugin-data pending"]),
	);

	const folder = join(await newDataFolder(), "nightly");
	const command = spawn(process.execPath, [CLI, "backup", folder, "--data", data, "--json"], {
		stdio: ["ignore", "pipe", "inherit"],
	});
	const printed = text(command.stdout);
	let logIns = 0;
	const ended = once(command, "exit");
	while (command.exitCode === null) {
		const visitor = await goThroughX(portal, "2244994945");
		expect(visitor.seen.status).toBe(200);
		logIns += 1;
	}
	expect(await ended).toEqual([0, null]);
	expect(logIns).toBeGreaterThan(0);
	const files = ["key", "fake-x.json", "helpdesk.sqlite", "backup.json"];
	expect(JSON.parse(await printed)).toEqual({ folder, files, keyFile: null });
	expect((await stat(folder)).mode & 0o777).toBe(0o700);
	for (const name of files) {
		expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
	}
	first.process.kill("SIGKILL");
	await once(first.process, "exit");

	const elsewhere = join(await newDataFolder(), "restored");
	const before = await contentOf(folder);
	expect(run(["restore", folder, "--data", elsewhere])).toMatchObject({ status: 0, stderr: "" });
	expect(await contentOf(folder)).toEqual(before);
	for (const name of ["key", "fake-x.json", "helpdesk.sqlite"]) {
		expect((await stat(join(elsewhere, name))).mode & 0o777).toBe(0o600);
	}
	const kinds = await kindsIn(join(elsewhere, "helpdesk.sqlite"));
	expect(kinds).toEqual(expect.arrayContaining(["accounts", "plugin-data link", "outbox"]));
	expect(kinds.filter((kind) => /session|reset|pending/.test(kind))).toEqual([]);
	const { ready } = await startHelpdeskProcess(elsewhere);

	expect(ready.operator.password).toBeNull();
	const operator = await logInOperator(ready, password);
	await operator.open(`${ready.admin}/users`);
	expect(operator.seen.html).toContain("grace@example.com");
	const again = ready.portals["acorn"] ?? "";
	// Perhaps she logged out since, and used the link.
	expect((await grace.open(`${again}/account`)).url).toContain("/login?");
	const { pathname, search } = new URL(link);
	expect((await grace.open(`${again}${pathname}${search}`)).html).toContain("used already");
	await grace.open(`${again}/login?returnTo=/account`);
	expect((await grace.submit("/login", account)).html).toContain("grace@example.com");
	// Signed in at once: the secret can be opened, and the X account is still linked.
	const ada = await goThroughX(again, "2244994945");
	expect((await ada.open(`${again}/account`)).html).toContain("ada@example.com");
});

test("a backup says that everybody who has it can decrypt the secrets", async () => {
	const data = await dataFolder();
	const folder = join(await newDataFolder(), "backup");

	const { status, stdout } = run(["backup", folder, "--data", data]);

	expect(status).toBe(0);
	expect(stdout).toContain("key, fake-x.json, helpdesk.sqlite");
	expect(stdout).toContain("Keep it as safe as the helpdesk");
	expect(stdout).not.toContain(KEY);
});

test("a key that lies elsewhere stays there, and the restore wants it named", async () => {
	const keyFile = join(await newDataFolder(), "key");
	await writeFile(keyFile, KEY);
	const data = await dataFolder();
	await rm(join(data, "key"));
	const folder = await newDataFolder();
	const { status, stdout } = run(["backup", folder, "--data", data, "--key-file", keyFile]);
	expect(status).toBe(0);
	expect(stdout).toContain(`The key is not in it. Keep a copy of ${keyFile}`);
	expect(await readdir(folder)).not.toContain("key");

	const target = join(await newDataFolder(), "restored");
	expect(run(["restore", folder, "--data", target])).toMatchObject({
		status: 2,
		stderr: expect.stringContaining("name the helpdesk's key file with --key-file"),
	});
	await writeFile(keyFile, OTHER_KEY);
	expect(run(["restore", folder, "--data", target, "--key-file", keyFile])).toMatchObject({
		status: 2,
		stderr: expect.stringContaining("is not the key of the helpdesk in this backup"),
	});
	expect(await contentOf(target)).toEqual({});
	// The helpdesk's key was rotated since: the old one is still in the file.
	await writeFile(keyFile, `${OTHER_KEY}\n${KEY}\n`);
	expect(run(["restore", folder, "--data", target, "--key-file", keyFile]).status).toBe(0);
	expect(await readdir(target)).toEqual(["fake-x.json", "helpdesk.sqlite"]);
});

test.each([
	["no folder", [], "name one folder"],
	["two folders", ["a", "b"], "name one folder"],
	["an unknown flag", ["a", "--surprise"], "--surprise"],
	["memory", ["a", "--storage", "memory:"], "nothing to back up"],
	["PostgreSQL", ["a", "--storage", "postgres://u:secret-password@h/d"], "pg_dump"],
	["Redis", ["a", "--storage", "rediss://:secret-password@h"], "redis-cli --rdb"],
	["another storage", ["a", "--storage", "ftp:secret-password@x"], "--storage"],
])("what cannot be backed up is refused in one sentence: %s", async (_, args, sentence) => {
	for (const command of [backup, restore]) {
		const refusal = await refusalOf(command, [...args, "--data", await newDataFolder()]);

		expect(refusal).toContain(sentence);
		expect(refusal).not.toContain("secret-password");
	}
});

test.each([
	["there is no helpdesk in the folder", (data: string) => rm(join(data, "helpdesk.sqlite"))],
	["there is no key file", (data: string) => rm(join(data, "key"))],
	["32 bytes in base64", (data: string) => writeFile(join(data, "key"), "short")],
	[
		"file is not a database",
		async (data: string) => {
			// The log that SQLite keeps beside it would mend it.
			await rm(join(data, "helpdesk.sqlite-wal"), { force: true });
			await writeFile(join(data, "helpdesk.sqlite"), "no database ".repeat(500));
		},
	],
	[
		"not the database of a helpdesk",
		async (data: string) => {
			await rm(join(data, "helpdesk.sqlite"));
			const other = new Database(join(data, "helpdesk.sqlite"));
			other.exec("CREATE TABLE notes (text TEXT)");
			other.close();
		},
	],
])("a backup of what is none ends without a folder: %s", async (sentence, spoil) => {
	const data = await dataFolder();
	await spoil(data);
	const parent = await newDataFolder();
	const before = await contentOf(data);

	expect(await refusalOf(backup, [join(parent, "backup"), "--data", data])).toContain(sentence);

	expect(await readdir(parent)).toEqual([]);
	expect(await contentOf(data)).toEqual(before);
});

test("a backup never goes to a folder with anything in it, and takes an empty one", async () => {
	const data = await dataFolder();
	const folder = await newDataFolder();
	await writeFile(join(folder, "letter"), "dear");
	const before = await contentOf(folder);
	expect(run(["backup", folder, "--data", data])).toMatchObject({
		status: 2,
		stderr: expect.stringContaining("is not empty"),
	});
	expect(await contentOf(folder)).toEqual(before);
	expect(run(["backup", join(folder, "letter"), "--data", data])).toMatchObject({
		status: 2,
		stderr: expect.stringContaining("cannot be used"),
	});

	await rm(join(folder, "letter"));
	expect(run(["backup", folder, "--data", data]).status).toBe(0);
});

async function forge(folder: string, change: (manifest: { files: object }) => void): Promise<void> {
	const path = join(folder, "backup.json");
	const manifest = JSON.parse(await readFile(path, "utf8"));
	change(manifest);
	await writeFile(path, JSON.stringify(manifest));
}

async function hashOf(path: string): Promise<string> {
	return createHash("sha256")
		.update(await readFile(path))
		.digest("hex");
}

test.each<[string, (folder: string) => Promise<unknown>]>([
	["there is no backup.json", (folder) => rm(join(folder, "backup.json"))],
	["is not JSON", (folder) => writeFile(join(folder, "backup.json"), "{")],
	["unknown format", (folder) => writeFile(join(folder, "backup.json"), "[]")],
	[
		"unknown format",
		(folder) => forge(folder, ({ files }) => Object.assign(files, { "../../etc/passwd": "0" })),
	],
	["helpdesk.sqlite is missing", (folder) => rm(join(folder, "helpdesk.sqlite"))],
	["key is missing", (folder) => rm(join(folder, "key"))],
	["key has changed since the backup", (folder) => writeFile(join(folder, "key"), OTHER_KEY)],
	[
		"helpdesk.sqlite has changed since the backup",
		async (folder) => {
			const path = join(folder, "helpdesk.sqlite");
			const bytes = await readFile(path);
			await writeFile(path, bytes.fill(7, bytes.length - 100));
		},
	],
	[
		"not the database of a helpdesk",
		async (folder) => {
			const path = join(folder, "helpdesk.sqlite");
			await rm(path);
			const other = new Database(path);
			other.exec("CREATE TABLE notes (text TEXT)");
			other.close();
			const hash = await hashOf(path);
			await forge(folder, ({ files }) => Object.assign(files, { "helpdesk.sqlite": hash }));
		},
	],
	[
		"not the database of a helpdesk",
		async (folder) => {
			const path = join(folder, "helpdesk.sqlite");
			const bytes = await readFile(path);
			await writeFile(path, bytes.fill(7, 4096, 4300));
			const hash = await hashOf(path);
			await forge(folder, ({ files }) => Object.assign(files, { "helpdesk.sqlite": hash }));
		},
	],
])("a restore of a bad backup makes nothing: %s", async (sentence, spoil) => {
	const folder = await backedUp();
	await spoil(folder);
	const before = await contentOf(folder);
	const parent = await newDataFolder();

	const refusal = await refusalOf(restore, [folder, "--data", join(parent, "restored")]);

	expect(refusal).toContain(sentence);
	expect(await readdir(parent)).toEqual([]);
	expect(await contentOf(folder)).toEqual(before);
});

test.each([
	["helpdesk.sqlite", "anything"],
	["helpdesk.sqlite-wal", "the log of another database"],
	["key", OTHER_KEY],
	["fake-x.json", "{}"],
])("a restore where there is another %s already changes nothing", async (name, content) => {
	const folder = await backedUp();
	const target = await newDataFolder();
	await writeFile(join(target, name), content);
	const before = await contentOf(target);

	expect(await refusalOf(restore, [folder, "--data", target])).toContain(join(target, name));
	expect(await contentOf(target)).toEqual(before);
});

test("a restore is all or nothing, and goes on where the same key and app are already", async () => {
	const folder = await backedUp();
	const target = await newDataFolder();
	const nowhere = `sqlite:${join(target, "missing", "helpdesk.sqlite")}`;
	expect(run(["restore", folder, "--data", target, "--storage", nowhere])).toMatchObject({
		status: 2,
		stderr: expect.stringContaining("nothing was restored"),
	});
	expect(await readdir(target)).toEqual([]);

	// Seen by nothing but the last step: a link to a file that is not there.
	await symlink("gone", join(target, "helpdesk.sqlite"));
	expect(await refusalOf(restore, [folder, "--data", target])).toContain("EEXIST");
	expect(await readdir(target)).toEqual(["helpdesk.sqlite"]);
	await rm(join(target, "helpdesk.sqlite"));

	await copyFile(join(folder, "key"), join(target, "key"));
	await chmod(join(target, "key"), 0o400);
	await mkdir(join(target, "missing"));
	expect(run(["restore", folder, "--data", target, "--storage", nowhere]).status).toBe(0);

	expect(await readdir(target)).toEqual(["fake-x.json", "key", "missing"]);
	const storage = new SqliteStorage(join(target, "missing", "helpdesk.sqlite"), systemClock);
	expect((await storage.get(["accounts", "1"]))?.value).toBe("Grace");
	storage.close();
});

test("a restore leaves out what may have ended or been used since, and says so", async () => {
	const data = await dataFolder();
	const storage = new SqliteStorage(join(data, "helpdesk.sqlite"), systemClock);
	const expiresAt = Date.now() + 24 * 60 * 60_000;
	const stay = [
		{ key: ["plugin-data", "x-login", "link", "acorn", "x:1"], value: "a link" },
		{ key: ["plugin-data-of-another", "pending"], value: "no plugin's", expiresAt },
		{ key: ["sign-ins", "x-login", "entry"], value: "an entry", expiresAt },
		{ key: ["outbox", "letter"], value: "a letter", expiresAt },
		{ key: ["sessions-of-nobody"], value: "no session" },
	];
	const go = [
		{ key: ["sessions", "portal", "acorn", "hash"], value: "canary session", expiresAt },
		{ key: ["sessions", "admin", "acorn", "hash"], value: "canary session", expiresAt },
		{ key: ["password-resets", "reset", "hash"], value: "canary link", expiresAt },
		{ key: ["plugin-data", "x-login", "pending", "hash"], value: "canary log-in", expiresAt },
		{ key: ["plugin-data", "x-login", "continuation", "h"], value: "canary code", expiresAt },
		{ key: ["plugin-data", "another", "half-way", "hash"], value: "canary of it", expiresAt },
	];
	await storage.commit({ sets: [...stay, ...go] });
	storage.close();
	const folder = join(await newDataFolder(), "backup");
	expect(run(["backup", folder, "--data", data]).status).toBe(0);
	expect(await readFile(join(folder, "helpdesk.sqlite"), "latin1")).toContain("canary");

	const target = join(await newDataFolder(), "restored");
	const { status, stdout } = run(["restore", folder, "--data", target]);

	expect(status).toBe(0);
	expect(stdout).toContain("Everybody is logged out");
	expect(await readdir(target)).toEqual(["fake-x.json", "helpdesk.sqlite", "key"]);
	expect(await readFile(join(target, "helpdesk.sqlite"), "latin1")).not.toContain("canary");
	const restored = new SqliteStorage(join(target, "helpdesk.sqlite"), systemClock);
	for (const { key, value } of stay) {
		expect((await restored.get(key))?.value).toBe(value);
	}
	for (const { key } of go) {
		expect(await restored.get(key)).toBeUndefined();
	}
	restored.close();
});
