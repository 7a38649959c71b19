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
import { auditedStorage, commandDeed } from "./command-deeds.ts";
import { isFile, keysIn, makeFolder } from "./data-folder.ts";
import { restoredOperators } from "./restored-operators.ts";
import { restoredStorage } from "./restored-storage.ts";

interface Copy {
	readonly source: string;
	readonly target: string;
	readonly sha256: string;
}

/** `restore FOLDER`: makes a helpdesk from a backup, in a place without one. Checks everything before it writes. */
export async function restore(args: readonly string[]): Promise<void> {
	const options = readBackupOptions("restore", args);
	const { data, database, json } = options;
	const { madeAt } = await restoreBackup(options);
	const operators = await restoredOperators(database);
	const who = operators.map(({ email, role }) => `${email} (${role})`).join(", ");
	console.log(
		json
			? JSON.stringify({ data, madeAt, operators })
			: `Restored the helpdesk of ${madeAt} to ${data}. Start it with the same flags.\nEverything is as it was then. All changes since then are undone, deletions and unlinking included. Everybody is logged out. Invitations of operators, links to set a password or to finish registering, unfinished log-ins and their codes no longer work.\nThese people can log in to the administration, also if they were removed or changed their address since: ${who || "nobody yet"}.`,
	);
}

/** @returns what the backup says about itself. @throws CommandError, and then leaves no file. */
async function restoreBackup(options: BackupOptions): Promise<BackupManifest> {
	const { folder } = options;
	const manifest = await readManifest(folder);
	await refuseWhereOneIs(options);
	await refuseDamage(folder, manifest);
	await refuseOtherKey(options, manifest);
	await place(await copiesFor(options, manifest), options);
	return manifest;
}

/** A log file next to a database belongs to it: SQLite would apply an old log to the new database. */
async function refuseWhereOneIs({ database }: BackupOptions): Promise<void> {
	for (const suffix of ["", "-wal", "-shm", "-journal"]) {
		if (await isThere(`${database}${suffix}`)) {
			throw new CommandError(
				`${database}${suffix} exists already, and restore never overwrites anything; name another folder with --data, or move this file away`,
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
				`${path} ${sha256 === "" ? "is missing" : "has changed since the backup"}; use another backup`,
			);
		}
	}
	const fault = faultOfSnapshot(join(folder, DATABASE));
	if (fault !== undefined) {
		throw new CommandError(
			`${join(folder, DATABASE)} is not the database of a helpdesk (${fault}); use another backup`,
		);
	}
}

/** The stored secrets can only be decrypted with the key that they were encrypted with. */
async function refuseOtherKey(options: BackupOptions, manifest: BackupManifest): Promise<void> {
	const { folder, keyFile } = options;
	const isNamed = await isFile(keyFile);
	if (!isNamed && !(KEY in manifest.files)) {
		throw new CommandError(
			`the key is not in this backup, and there is no key file ${keyFile}; name the helpdesk's key file with --key-file`,
		);
	}
	const path = isNamed ? keyFile : join(folder, KEY);
	const fingerprints = keysIn(await readFile(path, "utf8"), path).map(keyFingerprint);
	if (!fingerprints.includes(manifest.keyFingerprint)) {
		throw new CommandError(
			`the key in ${path} is not the key of the helpdesk in this backup; name the right one with --key-file, or move this file away`,
		);
	}
}

/** Files that are there already with the same content are left alone. */
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
				`a different ${target} exists already, and restore never overwrites anything; move it away`,
			);
		}
	}
	return copies;
}

/** Places all files or none: complete files appear under their names, the database last. If one fails, none stays. */
async function place(copies: readonly Copy[], { data, database }: BackupOptions): Promise<void> {
	const isNew = !(await isThere(data));
	await makeFolder(data);
	const suffix = `.restoring-${randomBytes(6).toString("hex")}`;
	const placed: string[] = [];
	try {
		for (const { source, target, sha256 } of copies) {
			await copyWhole(source, `${target}${suffix}`, sha256);
		}
		await noteRestore(`${database}${suffix}`);
		// This is done before the database has its name, so that no helpdesk starts with what was used since the
		// backup.
		deleteExpiring(`${database}${suffix}`, NOT_RESTORED);
		for (const { target } of copies) {
			// A link, unlike a renaming, never replaces a file that appeared in the meantime.
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

/** The entry is in the restored helpdesk from its first moment on. */
async function noteRestore(database: string): Promise<void> {
	await auditedStorage(restoredStorage(database)).trail.note(commandDeed("command.restore"));
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
