import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import Database from "libsql";
import { expect, test } from "vitest";
import { backup } from "../../src/cli/helpdesk/backup.ts";
import { restore } from "../../src/cli/helpdesk/restore.ts";
import { contentOf, dataFolder, KEY, OTHER_KEY, refusalOf, run } from "../kit/helpdesk/backups.ts";
import { newDataFolder } from "../kit/helpdesk/start-helpdesk.ts";

test("a backup says that everybody who has it can decrypt the secrets", async () => {
	const data = await dataFolder();
	const folder = join(await newDataFolder(), "backup");

	const { status, stdout } = run(["backup", folder, "--data", data]);

	expect(status).toBe(0);
	expect(stdout).toContain("key, fake-x.json, helpdesk.sqlite");
	expect(stdout).toContain("Keep it as safe as the helpdesk");
	expect(stdout).not.toContain(KEY);
});

test("a key outside the data folder is not backed up, and restore needs its file", async () => {
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
	// The key was rotated since the backup, and the old key is still in the file.
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
])("backup and restore refuse in one sentence: %s", async (_, args, sentence) => {
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
			// SQLite would repair the file from its log.
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
])("a backup that cannot be made leaves no folder: %s", async (sentence, spoil) => {
	const data = await dataFolder();
	await spoil(data);
	const parent = await newDataFolder();
	const before = await contentOf(data);

	expect(await refusalOf(backup, [join(parent, "backup"), "--data", data])).toContain(sentence);

	expect(await readdir(parent)).toEqual([]);
	expect(await contentOf(data)).toEqual(before);
});

test("a backup goes to an empty folder, and to no other", async () => {
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
