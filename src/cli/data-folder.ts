import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, stat } from "node:fs/promises";
import { CommandError } from "./command-error.ts";

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
	const made = await makeOnce(path, randomBytes(KEY_BYTES).toString("base64"));
	const keys = made
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

/** The content of a file, which is made with this content when it is not there. */
export async function makeOnce(path: string, content: string): Promise<string> {
	try {
		const file = await open(path, "wx", 0o600);
		try {
			await file.writeFile(content);
		} finally {
			await file.close();
		}
		return content;
	} catch (error) {
		if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) {
			const detail = error instanceof Error ? error.message : String(error);
			throw new CommandError(`the file ${path} cannot be written (${detail})`, { cause: error });
		}
		return readFile(path, "utf8");
	}
}
