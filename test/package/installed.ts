import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);

/** The folders that `test/with-package.sh` installed the package into. */
export const ALONE = process.env["TEST_PACKAGE_ALONE"] ?? "";
export const VENDOR = process.env["TEST_PACKAGE_FOLDER"] ?? "";

export interface Ended {
	readonly status: number;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs a program in an installed folder, whatever it ends with. */
export async function runIn(folder: string, program: string, ...args: string[]): Promise<Ended> {
	const env = { ...process.env, NODE_OPTIONS: "" };
	return run(program, args, { cwd: folder, env }).then(
		({ stdout, stderr }) => ({ status: 0, stdout, stderr }),
		({ code, stdout, stderr }) => ({ status: code, stdout, stderr }),
	);
}

/** The code blocks of a document, in order. */
export async function blocksIn(document: string, language: string): Promise<readonly string[]> {
	const text = await readFile(join(root, document), "utf8");
	const blocks = new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms");
	return [...text.matchAll(blocks)].map(([, code = ""]) => code);
}
