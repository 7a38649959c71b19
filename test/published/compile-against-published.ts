import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Compiles a program that knows only the published modules. @returns what the compiler says. */
export async function compileAgainstPublished(program: string): Promise<string> {
	const folder = await mkdtemp(join(root, "dist", "consumer-"));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	await writeFile(join(folder, "program.mts"), program);
	const tsc = join(root, "node_modules/typescript/bin/tsc");
	const flags = [
		"--ignoreConfig",
		"--noEmit",
		"--strict",
		"--module",
		"NodeNext",
		"--target",
		"ES2023",
	];
	const compiled = promisify(execFile)(
		process.execPath,
		[tsc, ...flags, "--types", "node", "program.mts"],
		{ cwd: folder },
	);
	return compiled.then(
		() => "",
		(error: { readonly stdout: string }) => error.stdout,
	);
}
