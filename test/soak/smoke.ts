import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "vitest";
import type { SoakEngine } from "./soak-options.ts";
import type { Latency } from "./visit-log.ts";

const SOAK = fileURLToPath(new URL("soak.ts", import.meta.url));
const RUN_TYPESCRIPT = new URL("../run-typescript.mjs", import.meta.url).href;

interface Line {
	readonly problems: readonly string[];
	readonly errors: Readonly<Record<string, number>>;
	readonly latencies: Readonly<Record<string, Latency>>;
}

/** Runs `npm run soak` for three seconds instead of minutes. */
export async function expectSoakGoesWell(engine: SoakEngine): Promise<void> {
	const flags = ["--minutes", "0.05", "--rate", "20", "--storage", engine, "--json"];
	const { stdout } = await promisify(execFile)(process.execPath, [
		...["--import", RUN_TYPESCRIPT, SOAK, ...flags],
	]).catch((error: Error & { readonly stdout: string }) => {
		// The line of a failed run has the problems.
		if (error.stdout === "") {
			throw error;
		}
		return error;
	});
	const { problems, errors, latencies } = JSON.parse(stdout) as Line;

	expect(problems).toEqual([]);
	expect(errors).toEqual({});
	const kinds = ["abandoned", "cancelled", "forged", "form", "new", "returning"];
	expect(Object.keys(latencies).sort()).toEqual(kinds);
}
