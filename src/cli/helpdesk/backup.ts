import { mkdir, open, readdir, readFile, rm, rmdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { systemClock } from "../../ports/system-clock.ts";
import {
	commitToSnapshot,
	faultOfSnapshot,
	snapshotSqlite,
} from "../../storage/sqlite-snapshot.ts";
import { SqliteStorage } from "../../storage/sqlite-storage.ts";
import { CommandError, reasonOf } from "../command-error.ts";
import {
	type BackedUpFile,
	type BackupManifest,
	DATABASE,
	FAKE_X,
	KEY,
	keyFingerprint,
	MANIFEST,
	sha256Of,
} from "./backup-manifest.ts";
import { type BackupOptions, readBackupOptions } from "./backup-options.ts";
import { auditedStorage, commandDeed } from "./command-deeds.ts";
import { isFile, keysIn, writeNew } from "./data-folder.ts";

/** `backup FOLDER`: copies a helpdesk's data to an empty folder, at one point in time, also while the helpdesk runs. */
export async function backup(args: readonly string[]): Promise<void> {
	const options = readBackupOptions("backup", args);
	const { folder, keyFile, keyIsInData, json } = options;
	const files = await backUp(options);
	if (json) {
		console.log(JSON.stringify({ folder, files, keyFile: keyIsInData ? null : keyFile }));
		return;
	}
	const advice = keyIsInData
		? "Everybody who has this folder can decrypt the secrets in it. Keep it as safe as the helpdesk."
		: `The key is not in it. Keep a copy of ${keyFile} in another place: without it the stored secrets cannot be decrypted.`;
	console.log(`Backed up to ${folder}: ${files.join(", ")}.\n${advice}`);
}

/** @returns the names of the files in the backup. @throws CommandError, and then leaves no file. */
async function backUp(options: BackupOptions): Promise<readonly string[]> {
	const { folder, data, database, keyFile } = options;
	if (!(await isFile(database))) {
		throw new CommandError(
			`there is no helpdesk in the folder ${resolve(data)}: no database ${resolve(database)}; give the flags that it was started with (--data, --storage)`,
		);
	}
	if (!(await isFile(keyFile))) {
		throw new CommandError(
			`there is no key file ${keyFile}, and without it the stored secrets are lost; name it with --key-file`,
		);
	}
	const made = await emptyFolder(folder);
	const written: string[] = [];
	try {
		await fill(options, written);
		return written;
	} catch (cause) {
		await Promise.all(written.map((name) => rm(join(folder, name))));
		if (made) {
			// This fails, as it should, if another program has put files into the folder.
			await rmdir(folder).catch(() => undefined);
		}
		if (cause instanceof CommandError) {
			throw cause;
		}
		throw new CommandError(
			`nothing was backed up from ${database} to ${folder}: ${reasonOf(cause)}`,
			{ cause },
		);
	}
}

/** @param written collects the name of each file that was made, so that all can be removed. */
async function fill(options: BackupOptions, written: string[]): Promise<void> {
	const { folder, data, database, keyFile, keyIsInData } = options;
	const key = await readFile(keyFile, "utf8");
	const [newest] = keysIn(key, keyFile);
	const hashes: Partial<Record<BackedUpFile, string>> = {};
	const make = async (name: string, content: string): Promise<void> => {
		await writeNew(join(folder, name), content);
		written.push(name);
	};
	const keep = async (name: BackedUpFile, content: string): Promise<void> => {
		await make(name, content);
		hashes[name] = await sha256Of(join(folder, name));
	};
	if (keyIsInData) {
		await keep(KEY, key);
	}
	const fakeX = join(data, FAKE_X);
	if (await isFile(fakeX)) {
		await keep(FAKE_X, await readFile(fakeX, "utf8"));
	}
	const snapshot = join(folder, DATABASE);
	await make(DATABASE, "");
	await audited(database, snapshot, async () => snapshotSqlite(database, snapshot));
	await flush(snapshot);
	const fault = faultOfSnapshot(snapshot);
	if (fault !== undefined) {
		throw new CommandError(
			`nothing was backed up: ${database} is damaged or not the database of a helpdesk (${fault}); restore an older backup to another folder`,
		);
	}
	hashes[DATABASE] = await sha256Of(snapshot);
	const manifest: BackupManifest = {
		format: 1,
		madeAt: new Date().toISOString(),
		keyFingerprint: keyFingerprint(newest),
		files: hashes,
	};
	await make(MANIFEST, JSON.stringify(manifest, null, "\t"));
}

/** The backup is of the moment before its own end, which is therefore added to it: a backup that is there is done. */
async function audited(
	database: string,
	snapshot: string,
	work: () => Promise<void>,
): Promise<void> {
	if (faultOfSnapshot(database) !== undefined) {
		// It is not a helpdesk's, or damaged, and nothing is written to it. The check of the copy says so.
		return work();
	}
	const storage = new SqliteStorage(database, systemClock);
	try {
		const begun = await auditedStorage(storage).trail.begin(commandDeed("command.back-up"));
		try {
			await work();
			commitToSnapshot(snapshot, begun.endIn("done"));
			await begun.end("done");
		} catch (error) {
			await begun.end("failed");
			throw error;
		}
	} finally {
		await storage.close();
	}
}

/** @returns whether the folder was made now. */
async function emptyFolder(folder: string): Promise<boolean> {
	try {
		const made = await mkdir(folder, { recursive: true, mode: 0o700 });
		if (made !== undefined || (await readdir(folder)).length === 0) {
			return made !== undefined;
		}
	} catch (cause) {
		throw new CommandError(
			`the folder ${folder} cannot be used (${reasonOf(cause)}); name another`,
			{ cause },
		);
	}
	throw new CommandError(
		`the folder ${folder} is not empty; name a new one, because backup never overwrites anything`,
	);
}

async function flush(path: string): Promise<void> {
	const file = await open(path, "r+");
	try {
		await file.sync();
	} finally {
		await file.close();
	}
}
