import { randomBytes, randomUUID } from "node:crypto";
import { link, mkdir, open, readFile, rm, stat } from "node:fs/promises";
import { CommandError, reasonOf } from "../command-error.ts";

const KEY_BYTES = 32;

export async function makeFolder(path: string): Promise<void> {
	try {
		await mkdir(path, { recursive: true, mode: 0o700 });
		await stat(path);
	} catch (cause) {
		const detail = cause instanceof Error ? cause.message : String(cause);
		throw new CommandError(
			`the folder ${path} cannot be used (${detail}); name another with --data`,
			{
				cause,
			},
		);
	}
}

/**
 * Reads keys of 32 bytes from a file, one on each line and the newest first. The first start makes the file, readable only
 * by its owner.
 */
export async function readKeyFile(path: string): Promise<Uint8Array[]> {
	return keysIn(await makeOnce(path, randomBytes(KEY_BYTES).toString("base64")), path);
}

/** Reads the same file, and makes none. @throws CommandError where there is none. */
export async function readExistingKeyFile(path: string): Promise<Uint8Array[]> {
	if (!(await isFile(path))) {
		throw new CommandError(
			`there is no key file ${path}, and without it the stored secrets cannot be decrypted; name it with --key-file`,
		);
	}
	return readKeyFile(path);
}

/** @param path the file with this text, for the error. */
export function keysIn(text: string, path: string): Uint8Array[] {
	const keys = text
		.trim()
		.split(/\s+/)
		.map((line) => Buffer.from(line, "base64"));
	if (keys.some(({ length }) => length !== KEY_BYTES)) {
		throw new CommandError(
			`the key file ${path} does not hold ${KEY_BYTES} bytes in base64 on each line; put the right file back, because the stored secrets are encrypted with its keys`,
		);
	}
	return keys;
}

/**
 * The content of a file. If there is no such file, it is made with this content, by one process if several start at
 * once.
 */
export async function makeOnce(path: string, content: string): Promise<string> {
	return (
		(await readIfThere(path)) ?? (await make(path, content)) ?? (await readIfThere(path)) ?? ""
	);
}

async function readIfThere(path: string): Promise<string | undefined> {
	try {
		return await readFile(path, "utf8");
	} catch (error) {
		if (hasCode(error, "ENOENT")) {
			return undefined;
		}
		throw unusable(path, "read", error);
	}
}

/** @returns undefined when another process was first. */
async function make(path: string, content: string): Promise<string | undefined> {
	const draft = `${path}.${randomUUID()}`;
	try {
		await writeNew(draft, content);
		// A link appears at once with its whole content, and never replaces a file.
		await link(draft, path);
		return content;
	} catch (error) {
		if (hasCode(error, "EEXIST")) {
			return undefined;
		}
		throw unusable(path, "written", error);
	} finally {
		await rm(draft, { force: true });
	}
}

function hasCode(error: unknown, code: string): boolean {
	return error instanceof Error && "code" in error && error.code === code;
}

function unusable(path: string, what: "read" | "written", cause: unknown): CommandError {
	return new CommandError(`the file ${path} cannot be ${what} (${reasonOf(cause)})`, { cause });
}

export async function isFile(path: string, minBytes = 0): Promise<boolean> {
	const found = await stat(path).catch(() => undefined);
	return found?.isFile() === true && found.size >= minBytes;
}

/**
 * Makes a file that only its owner may read, and waits until it is on the disk. Rejects when the file exists already.
 */
export async function writeNew(path: string, content: string): Promise<void> {
	const file = await open(path, "wx", 0o600);
	try {
		await file.writeFile(content);
		await file.sync();
	} finally {
		await file.close();
	}
}
