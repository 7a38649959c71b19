import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { CommandError } from "../command-error.ts";

export const DATABASE = "helpdesk.sqlite";
export const KEY = "key";
/** The keys of the fake X's app. */
export const FAKE_X = "fake-x.json";
/** Written last, so a folder without it is not a complete backup. */
export const MANIFEST = "backup.json";

export type BackedUpFile = typeof DATABASE | typeof KEY | typeof FAKE_X;

const FILES: readonly BackedUpFile[] = [KEY, FAKE_X, DATABASE];

export interface BackupManifest {
	readonly format: 1;
	/** ISO 8601. */
	readonly madeAt: string;
	/** Identifies the key that the helpdesk encrypts with, without revealing it. */
	readonly keyFingerprint: string;
	/** SHA-256 of each file, in hex. */
	readonly files: Readonly<Partial<Record<BackedUpFile, string>>>;
}

/** @throws CommandError when the folder is not a complete backup. */
export async function readManifest(folder: string): Promise<BackupManifest> {
	const path = join(folder, MANIFEST);
	const refuse = (why: string, cause?: unknown) =>
		new CommandError(
			`${folder} is not a complete backup: ${why}; name a folder that backup has written`,
			{ cause },
		);
	let value: unknown;
	try {
		value = JSON.parse(await readFile(path, "utf8"));
	} catch (cause) {
		throw refuse(
			cause instanceof SyntaxError ? `${MANIFEST} is not JSON` : `there is no ${MANIFEST} to read`,
			cause,
		);
	}
	if (!isManifest(value)) {
		throw refuse(`${MANIFEST} is in an unknown format`);
	}
	return value;
}

function isManifest(value: unknown): value is BackupManifest {
	if (typeof value !== "object" || value === null) {
		return false;
	}
	const { format, madeAt, keyFingerprint, files } = value as Readonly<Record<string, unknown>>;
	return (
		format === 1 &&
		typeof madeAt === "string" &&
		typeof keyFingerprint === "string" &&
		typeof files === "object" &&
		files !== null &&
		DATABASE in files &&
		Object.entries(files).every(
			([name, hash]) => FILES.some((file) => file === name) && typeof hash === "string",
		)
	);
}

/** The files in a backup, the database last. */
export function filesIn({ files }: BackupManifest): readonly BackedUpFile[] {
	return FILES.filter((name) => name in files);
}

export async function sha256Of(path: string): Promise<string> {
	const hash = createHash("sha256");
	await pipeline(createReadStream(path), hash);
	return hash.digest("hex");
}

/** Identifies a key without revealing it. */
export function keyFingerprint(key: Uint8Array | undefined): string {
	return createHash("sha256")
		.update("backup key")
		.update(key ?? "")
		.digest("hex");
}
