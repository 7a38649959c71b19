import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { chmod, copyFile, link, open, readFile, rm, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { NOT_RESTORED } from "../../helpdesk/namespaces.ts";
import { deleteExpiring, faultOfSnapshot } from "../../storage/sqlite-snapshot.ts";
import { CommandError, reasonOf } from "../command-error.ts";
import {
	type BackedUpFile,
	type BackupManifest,
	DATABASE,
	FAKE_X,
	filesIn,
	KEY,
	keyFingerprint,
	readManifest,
	sha256Of,
} from "./backup-manifest.ts";
import { type BackupOptions, readBackupOptions } from "./backup-options.ts";
import { isFile, keysIn, makeFolder } from "./data-folder.ts";

interface Copy {
	readonly source: string;
	readonly target: string;
	readonly sha256: string;
}

/** `restore`: a helpdesk from a backup, in a place where there is none. Everything is checked before anything is written. */
export async function restore(args: readonly string[]): Promise<void> {
	const options = readBackupOptions("restore", args);
	const { folder, data, json } = options;
	const manifest = await readManifest(folder);
	await refuseWhereOneIs(options);
	await refuseDamage(folder, manifest);
	await refuseOtherKey(options, manifest);
	const copies = await copiesFor(options, manifest);
	await place(copies, options);
	console.log(
		json
			? JSON.stringify({ data, madeAt: manifest.madeAt })
			: `Restored the helpdesk of ${manifest.madeAt} to ${data}. Start it with the same flags.\nWhat was deleted, disconnected or changed since then is as it was. Everybody is logged out; links to set a password, log-ins that were on their way and their codes are good for nothing.`,
	);
}

/** A log beside a database belongs to it: SQLite would play the old one into the new database. */
async function refuseWhereOneIs({ database }: BackupOptions): Promise<void> {
	for (const suffix of ["", "-wal", "-shm", "-journal"]) {
		if (await isThere(`${database}${suffix}`)) {
			throw new CommandError(
				`there is ${database}${suffix} already, and restoring never overwrites anything; name another folder by --data, or move this one away`,
			);
		}
	}
}

async function refuseDamage(folder: string, manifest: BackupManifest): Promise<void> {
	for (const name of filesIn(manifest)) {
		const path = join(folder, name);
		const sha256 = (await isFile(path)) ? await sha256Of(path) : "";
		if (sha256 !== manifest.files[name]) {
			throw new CommandError(
				`${path} is ${sha256 === "" ? "missing" : "not as it was backed up"}; take another backup`,
			);
		}
	}
	const fault = faultOfSnapshot(join(folder, DATABASE));
	if (fault !== undefined) {
		throw new CommandError(
			`${join(folder, DATABASE)} is not the database of a helpdesk (${fault}); take another backup`,
		);
	}
}

/** Without the key that they were sealed with the stored secrets could not be opened. */
async function refuseOtherKey(options: BackupOptions, manifest: BackupManifest): Promise<void> {
	const { folder, keyFile } = options;
	const isNamed = await isFile(keyFile);
	if (!isNamed && !(KEY in manifest.files)) {
		throw new CommandError(
			`the key is not in this backup, and there is no key file ${keyFile}; name the helpdesk's by --key-file`,
		);
	}
	const path = isNamed ? keyFile : join(folder, KEY);
	const fingerprints = keysIn(await readFile(path, "utf8"), path).map(keyFingerprint);
	if (!fingerprints.includes(manifest.keyFingerprint)) {
		throw new CommandError(
			`the key in ${path} is another one than the backed up helpdesk's; name the right one by --key-file, or move this one away`,
		);
	}
}

/** What is there already and the same is left as it is. */
async function copiesFor(
	{ folder, data, database, keyFile }: BackupOptions,
	manifest: BackupManifest,
): Promise<readonly Copy[]> {
	const targets: Readonly<Record<BackedUpFile, string>> = {
		[KEY]: keyFile,
		[FAKE_X]: join(data, FAKE_X),
		[DATABASE]: database,
	};
	const copies: Copy[] = [];
	for (const name of filesIn(manifest)) {
		const target = targets[name];
		const sha256 = manifest.files[name] ?? "";
		if (!(await isThere(target))) {
			copies.push({ source: join(folder, name), target, sha256 });
		} else if (name === FAKE_X && (await sha256Of(target)) !== sha256) {
			throw new CommandError(
				`there is another ${target} already, and restoring never overwrites anything; move it away`,
			);
		}
	}
	return copies;
}

/** All or nothing: whole files appear under their names, the database last; when one cannot, none stays. */
async function place(copies: readonly Copy[], { data, database }: BackupOptions): Promise<void> {
	const isNew = !(await isThere(data));
	await makeFolder(data);
	const suffix = `.restoring-${randomBytes(6).toString("hex")}`;
	const placed: string[] = [];
	try {
		for (const { source, target, sha256 } of copies) {
			await copyWhole(source, `${target}${suffix}`, sha256);
		}
		// Before it is there under its name: nobody starts a helpdesk on what was used since the backup.
		deleteExpiring(`${database}${suffix}`, NOT_RESTORED);
		for (const { target } of copies) {
			// Other than renaming, this never replaces what came there meanwhile.
			await link(`${target}${suffix}`, target);
			placed.push(target);
		}
	} catch (cause) {
		await Promise.all(placed.map((target) => rm(target)));
		throw new CommandError(`nothing was restored: ${reasonOf(cause)}`, { cause });
	} finally {
		await Promise.all(copies.map(({ target }) => rm(`${target}${suffix}`, { force: true })));
		if (isNew && placed.length < copies.length) {
			await rmdir(data);
		}
	}
}

async function copyWhole(source: string, target: string, sha256: string): Promise<void> {
	await copyFile(source, target, constants.COPYFILE_EXCL);
	await chmod(target, 0o600);
	const file = await open(target, "r+");
	try {
		await file.sync();
	} finally {
		await file.close();
	}
	if ((await sha256Of(target)) !== sha256) {
		throw new Error(`${source} changed while it was read`);
	}
}

async function isThere(path: string): Promise<boolean> {
	return (await stat(path).catch(() => undefined)) !== undefined;
}
