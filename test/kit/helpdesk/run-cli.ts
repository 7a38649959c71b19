import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** A hanging command is ended after this time, and the test fails. */
const COMMAND_MS = 120_000;
const CLI = fileURLToPath(new URL("../../../dist/cli.mjs", import.meta.url));

/** Runs a command of the built command line in a folder, and waits for its end. */
export function runCli(
	folder: string,
	...args: string[]
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
	const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
		cwd: folder,
		encoding: "utf8",
		timeout: COMMAND_MS,
	});
	return { status, stdout, stderr };
}

export async function newFolder(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "cli-"));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	return folder;
}
