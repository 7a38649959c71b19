import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Finding, finding } from "../finding.ts";

// These folders are never part of a plugin, and may be large.
const SKIPPED = new Set(["node_modules", ".git"]);
const MAX_FILES = 1_000;
const MAX_BYTES = 20 * 1024 * 1024;

/**
 * The files below a folder, named from there with forward slashes. Links are not followed: links and devices are
 * findings.
 */
export async function readFolder(
	folder: string,
): Promise<{ readonly files: Map<string, Uint8Array>; readonly findings: readonly Finding[] }> {
	const files = new Map<string, Uint8Array>();
	const findings: Finding[] = [];
	const ahead = [""];
	let bytes = 0;
	for (let path = ahead.pop(); path !== undefined; path = ahead.pop()) {
		const entries = await readdir(join(folder, path), { withFileTypes: true });
		for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
			const name = path === "" ? entry.name : `${path}/${entry.name}`;
			if (entry.isDirectory() && !SKIPPED.has(entry.name)) {
				ahead.push(name);
			} else if (entry.isFile()) {
				bytes += (await stat(join(folder, name))).size;
				if (files.size === MAX_FILES || bytes > MAX_BYTES) {
					const message = `the folder has more than ${MAX_FILES} files or ${MAX_BYTES} bytes`;
					return { files, findings: [...findings, finding("archive-too-large", message)] };
				}
				files.set(name, await readFile(join(folder, name)));
			} else if (!entry.isDirectory()) {
				const what = entry.isSymbolicLink() ? "a symbolic link" : "neither a file nor a folder";
				findings.push(finding("special-file", `it is ${what}`, { file: name }));
			}
		}
	}
	return { files, findings };
}
