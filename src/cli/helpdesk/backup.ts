import { mkdir, open, readdir, readFile, rm, rmdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { faultOfSnapshot, snapshotSqlite } from "../../storage/sqlite-snapshot.ts";
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
import { isFile, keysIn, writeNew } from "./data-folder.ts";

/** `backup`: a consistent copy of a helpdesk's data in an empty folder, while the helpdesk runs. */
export async function backup(args: readonly string[]): Promise<void> {
	const options = readBackupOptions("backup", args);
	const { folder, data, database, keyFile, keyIsInData } = options;
	if (!(await isFile(database))) {
		throw new CommandError(
			`there is no helpdesk in the folder ${resolve(data)}: no database ${resolve(database)}; give the flags that it is started with (--data, --storage)`,
		);
	}
	if (!(await isFile(keyFile))) {
		throw new CommandError(
			`there is no key file ${keyFile}, without which the stored secrets are lost; name it by --key-file`,
		);
	}
	const made = await emptyFolder(folder);
	const written: string[] = [];
	try {
		await fill(options, written);
	} catch (cause) {
		await Promise.all(written.map((name) => rm(join(folder, name))));
		if (made) {
			// What else came into it is not ours to remove, and keeps it.
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
	if (options.json) {
		console.log(JSON.stringify({ folder, files: written, keyFile: keyIsInData ? null : keyFile }));
		return;
	}
	const advice = keyIsInData
		? "Whoever has this folder can open the secrets stored in it: keep it as safe as the helpdesk."
		: `The key is not in it. Keep a copy of ${keyFile} elsewhere: without it the stored secrets cannot be opened.`;
	console.log(`Backed up to ${folder}: ${written.join(", ")}.\n${advice}`);
}

/** @param written what was made so far, for the clearing up. */
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
	snapshotSqlite(database, snapshot);
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

/** @returns whether it was made. */
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
		`the folder ${folder} is not empty; name a new one, for a backup never overwrites anything`,
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
