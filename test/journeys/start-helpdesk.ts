import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
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

/** A port that is free now, and the one after it, for the two brands of a helpdesk. */
export async function freePorts(): Promise<number> {
	for (;;) {
		const first = createServer().listen(0, "127.0.0.1");
		await once(first, "listening");
		const { port } = first.address() as AddressInfo;
		const second = createServer().listen(port + 1, "127.0.0.1");
		// Rejects with what the server says against it.
		const isFree = await once(second, "listening").then(
			() => true,
			() => false,
		);
		first.close();
		second.close();
		if (isFree) {
			return port;
		}
	}
}

/** Starts the built helpdesk as automation does. */
export async function startHelpdeskProcess(
	data: string,
	flags: readonly string[] = [],
	env: Readonly<Record<string, string>> = {},
): Promise<RunningHelpdesk> {
	const child = spawn(
		process.execPath,
		[CLI, "start", "--port", "0", "--data", data, "--json", ...flags],
		{ stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } },
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
