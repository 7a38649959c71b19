import { createHash } from "node:crypto";
import {
	chmod,
	copyFile,
	cp,
	mkdir,
	mkdtemp,
	readdir,
	readFile,
	rm,
	symlink,
	writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { beforeAll, expect, test } from "vitest";
import { restore } from "../../src/cli/helpdesk/restore.ts";
import { NOT_RESTORED } from "../../src/helpdesk/namespaces.ts";
import { systemClock } from "../../src/ports/system-clock.ts";
import { SqliteStorage } from "../../src/storage/sqlite-storage.ts";
import {
	contentOf,
	dataFolder,
	fillData,
	OTHER_KEY,
	refusalOf,
	run,
} from "../kit/helpdesk/backups.ts";
import { newDataFolder } from "../kit/helpdesk/start-helpdesk.ts";

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

/** A good backup of a filled data folder. */
async function backedUp(): Promise<string> {
	const folder = await newDataFolder();
	await cp(good, folder, { recursive: true });
	return folder;
}

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
])("a restore changes nothing where another %s exists", async (name, content) => {
	const folder = await backedUp();
	const target = await newDataFolder();
	await writeFile(join(target, name), content);
	const before = await contentOf(target);

	expect(await refusalOf(restore, [folder, "--data", target])).toContain(join(target, name));
	expect(await contentOf(target)).toEqual(before);
});

test("a restore is all or nothing, and leaves the same key and app in place", async () => {
	const folder = await backedUp();
	const target = await newDataFolder();
	const nowhere = `sqlite:${join(target, "missing", "helpdesk.sqlite")}`;
	expect(run(["restore", folder, "--data", target, "--storage", nowhere])).toMatchObject({
		status: 2,
		stderr: expect.stringContaining("nothing was restored"),
	});
	expect(await readdir(target)).toEqual([]);

	// Only the last step notices a link to a file that does not exist.
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

test("a restore leaves out what may have ended or been used since the backup, and says so", async () => {
	const data = await dataFolder();
	const storage = new SqliteStorage(join(data, "helpdesk.sqlite"), systemClock);
	const expiresAt = Date.now() + 24 * 60 * 60_000;
	const stay = [
		{ key: ["plugin-data", "x-login", "link", "acorn", "x:1"], value: "a link" },
		{ key: ["plugin-data-of-another", "pending"], value: "no plugin's", expiresAt },
		{ key: ["sign-ins", "x-login", "entry"], value: "an entry", expiresAt },
		{ key: ["outbox", "letter"], value: "a letter", expiresAt },
		{ key: ["sessions-of-nobody"], value: "no session" },
		{ key: ["mail-server", "server"], value: "a mail server" },
		{ key: ["openid", "keys", "acorn", "signing-keys"], value: "keys" },
		{ key: ["openid", "helpdesks", "acorn", "helpdesk", "h"], value: "a helpdesk" },
		{ key: ["openid", "consents", "acorn", "ada", "h"], value: "an agreement" },
	];
	const go = [
		...["Session", "Grant", "AuthorizationCode", "AccessToken", "of-user"].map((kind) => ({
			key: ["openid", "records", "acorn", kind, "hash"],
			...{ value: "canary record", expiresAt },
		})),
		{ key: ["openid", "log-outs", "acorn", "desk", "s"], value: "canary message", expiresAt },
		{ key: ["sessions", "portal", "acorn", "hash"], value: "canary session", expiresAt },
		{ key: ["sessions", "admin", "acorn", "hash"], value: "canary session", expiresAt },
		{ key: ["operator-codes", "step", "id", "1"], value: "canary code", expiresAt },
		{ key: ["passkey-challenges", "used", "id"], value: "canary challenge", expiresAt },
		{ key: ["operator-address-codes", "pending", "h"], value: "canary proof", expiresAt },
		{ key: ["operator-invitations", "invitation", "h"], value: "canary invitation", expiresAt },
		{ key: ["letter-texts", "letter"], value: "canary text", expiresAt },
		{ key: ["password-resets", "reset", "hash"], value: "canary link", expiresAt },
		{ key: ["password-guesses", "account", "hash"], value: "canary count", expiresAt },
		{ key: ["request-counts", "hash"], value: "canary count", expiresAt },
		{ key: ["openid", "tests", "hash"], value: "canary test", expiresAt },
		{ key: ["pending-registrations", "hash"], value: "canary registration", expiresAt },
		{ key: ["address-proofs", "pending", "h"], value: "canary proof", expiresAt },
		{ key: ["plugin-data", "x-login", "pending", "hash"], value: "canary log-in", expiresAt },
		{ key: ["plugin-data", "x-login", "continuation", "h"], value: "canary code", expiresAt },
		{ key: ["plugin-data", "another", "half-way", "hash"], value: "canary of it", expiresAt },
		{ key: ["jobs", "job", "id"], value: "canary job", expiresAt },
		{ key: ["files", "part", "id", "00000001"], value: "canary part", expiresAt },
		{ key: ["alert-events", "id"], value: "canary alert", expiresAt },
	];
	const places = go.map(({ key }) => key);
	for (const place of NOT_RESTORED) {
		expect(places).toContainEqual(expect.arrayContaining([...place]));
	}
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
