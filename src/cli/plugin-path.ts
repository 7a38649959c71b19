import { type FileHandle, open, readFile, stat } from "node:fs/promises";
import type { Finding } from "../artifact/finding.ts";
import { readFolder } from "../artifact/zip/read-folder.ts";
import { MAX_ZIP_BYTES } from "../artifact/zip/zip-directory.ts";
import { CommandError } from "./command-error.ts";

/** A plugin on the disk, packed or not. */
export type PluginPath =
	| { readonly kind: "zip"; readonly zip: Uint8Array }
	| {
			readonly kind: "folder";
			readonly files: Map<string, Uint8Array>;
			readonly findings: readonly Finding[];
	  };

/** @throws CommandError when the path cannot be read. */
export async function readPluginPath(path: string): Promise<PluginPath> {
	const found = await readable(path, stat(path));
	if (found.isDirectory()) {
		return { kind: "folder", ...(await readable(path, readFolder(path))) };
	}
	if (!found.isFile()) {
		throw new CommandError(`${path} is neither a file nor a folder`);
	}
	const file = await readable(path, open(path));
	try {
		return { kind: "zip", zip: await firstBytes(file, Math.min(found.size, MAX_ZIP_BYTES + 1)) };
	} finally {
		await file.close();
	}
}

/** Reads a small file, such as a key. @throws CommandError when it cannot be read. */
export async function readText(path: string): Promise<string> {
	return readable(path, readFile(path, "utf8"));
}

async function firstBytes(file: FileHandle, length: number): Promise<Uint8Array> {
	const bytes = new Uint8Array(length);
	let filled = 0;
	while (filled < length) {
		const { bytesRead } = await file.read(bytes, filled, length - filled, filled);
		if (bytesRead === 0) {
			break;
		}
		filled += bytesRead;
	}
	return bytes.subarray(0, filled);
}

async function readable<T>(path: string, reading: Promise<T>): Promise<T> {
	try {
		return await reading;
	} catch (cause) {
		const why = cause instanceof Error ? cause.message : String(cause);
		throw new CommandError(`${path} cannot be read: ${why}`, { cause });
	}
}
