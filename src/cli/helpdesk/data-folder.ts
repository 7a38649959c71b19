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
			`the folder ${path} cannot be used (${detail}); give another with --data`,
			{
				cause,
			},
		);
	}
}

/**
 * Reads keys of 32 bytes from a file, one a line and the newest first, making it on the first start, readable by its
 * owner alone.
 */
export async function readKeyFile(path: string): Promise<Uint8Array[]> {
	return keysIn(await makeOnce(path, randomBytes(KEY_BYTES).toString("base64")), path);
}

/** @param path of the file with this text, for the error. */
export function keysIn(text: string, path: string): Uint8Array[] {
	const keys = text
		.trim()
		.split(/\s+/)
		.map((line) => Buffer.from(line, "base64"));
	if (keys.some(({ length }) => length !== KEY_BYTES)) {
		throw new CommandError(
			`the key file ${path} does not hold ${KEY_BYTES} bytes in base64 on each line; put the right file back, for the stored secrets were encrypted with it`,
		);
	}
	return keys;
}

/** The content of a file, which is made with this content when it is not there: by one of those who start at once. */
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

/** @returns undefined when somebody else was first. */
async function make(path: string, content: string): Promise<string | undefined> {
	const draft = `${path}.${randomUUID()}`;
	try {
		await writeNew(draft, content);
		// Whole or not at all, and only where there is none.
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

/** Makes a file that only its owner may read, and that is on the disk when this resolves. Rejects when there is one. */
export async function writeNew(path: string, content: string): Promise<void> {
	const file = await open(path, "wx", 0o600);
	try {
		await file.writeFile(content);
		await file.sync();
	} finally {
		await file.close();
	}
}
