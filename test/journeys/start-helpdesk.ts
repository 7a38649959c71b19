import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const CLI = fileURLToPath(new URL("../../dist/cli.mjs", import.meta.url));

/** The ready line of `cli start --json`. */
export interface Ready {
	readonly portals: Readonly<Record<string, string>>;
	readonly admin: string;
	readonly operator: { readonly email: string; readonly password: string | null };
	readonly fakeX: { readonly url: string; readonly apiKey: string; readonly apiKeySecret: string };
}

export interface RunningHelpdesk {
	readonly ready: Ready;
	readonly process: ChildProcess;
	/** Everything it printed, so that tests can look for what must not be there. */
	printed(): string;
}

export async function newDataFolder(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "helpdesk-"));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	return folder;
}

/** Starts the built helpdesk as automation does. */
export async function startHelpdeskProcess(
	data: string,
	flags: readonly string[] = [],
): Promise<RunningHelpdesk> {
	const child = spawn(
		process.execPath,
		[CLI, "start", "--port", "0", "--data", data, "--json", ...flags],
		{ stdio: ["ignore", "pipe", "pipe"] },
	);
	let printed = "";
	child.stderr.on("data", (chunk) => {
		printed += chunk;
	});
	onTestFinished(() => {
		child.kill("SIGKILL");
	});
	const [line] = await Promise.race([
		once(createInterface(child.stdout), "line"),
		once(child, "exit").then(() => Promise.reject(new Error(`it did not start: ${printed}`))),
	]);
	return { ready: JSON.parse(String(line)) as Ready, process: child, printed: () => printed };
}
