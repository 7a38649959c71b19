import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Ready } from "../helpdesk/start-helpdesk.ts";

const CLI = fileURLToPath(new URL("../../../dist/cli.mjs", import.meta.url));

/** Starts the built command with an empty folder and a fake X, as `npm start` does for people. */
export async function livingHelpdesk(
	atEnd: (end: () => unknown) => void,
	...flags: readonly string[]
): Promise<Ready> {
	const data = await mkdtemp(join(tmpdir(), "walk-"));
	atEnd(() => rm(data, { recursive: true, force: true }));
	const helpdesk = spawn(
		process.execPath,
		[CLI, "start", "--port", "0", "--data", data, "--json", ...flags],
		{ stdio: ["ignore", "pipe", "ignore"] },
	);
	atEnd(async () => {
		helpdesk.kill("SIGTERM");
		await once(helpdesk, "exit");
	});
	for await (const line of createInterface(helpdesk.stdout)) {
		return JSON.parse(line);
	}
	throw new Error("the helpdesk did not start");
}
