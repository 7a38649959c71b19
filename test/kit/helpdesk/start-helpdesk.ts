import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { isRefusedPort } from "../../../src/contract/refused-ports.ts";

const CLI = fileURLToPath(new URL("../../../dist/cli.mjs", import.meta.url));

/** The ready line of `cli start --json`. */
export interface Ready {
	readonly portals: Readonly<Record<string, string>>;
	readonly admin: string;
	readonly operator: { readonly email: string; readonly password: string | null };
	readonly fakeX: {
		readonly url: string;
		readonly apiKey: string;
		readonly apiKeySecret: string;
		readonly clientId: string;
		readonly clientSecret: string;
	};
}

export interface RunningHelpdesk {
	readonly ready: Ready;
	readonly process: ChildProcess;
	/** Everything it printed. Tests look for text that must not be there. */
	printed(): string;
	/** What it printed for programs. */
	printedToStdout(): string;
}

export async function newDataFolder(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "helpdesk-"));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	return folder;
}

/**
 * A free port that is followed by another free one, for the two brands of a helpdesk. The system gives neither to
 * outgoing connections, so a restarted helpdesk finds both free.
 */
export async function freePorts(): Promise<number> {
	for (;;) {
		const port = randomInt(10_000, 30_000);
		const ports = [port, port + 1];
		if (ports.some(isRefusedPort)) {
			continue;
		}
		const servers = ports.map((each) => createServer().listen(each, "127.0.0.1"));
		const listening = await Promise.allSettled(servers.map((each) => once(each, "listening")));
		for (const server of servers) {
			server.close();
		}
		if (listening.every(({ status }) => status === "fulfilled")) {
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
	let toStdout = "";
	child.stdout.on("data", (chunk) => {
		toStdout += chunk;
	});
	child.stderr.on("data", (chunk) => {
		printed += chunk;
	});
	const ended = once(child, "exit");
	onTestFinished(async () => {
		child.kill("SIGKILL");
		await ended;
	});
	const [line] = await Promise.race([
		once(createInterface(child.stdout), "line"),
		ended.then(() => Promise.reject(new Error(`it did not start: ${printed}`))),
	]);
	return {
		...{ ready: JSON.parse(String(line)) as Ready, process: child },
		...{ printed: () => printed, printedToStdout: () => toStdout },
	};
}

/** Ends a helpdesk as an operator of a server does, and waits until it has ended. */
export async function endHelpdesk({
	process: running,
}: Pick<RunningHelpdesk, "process">): Promise<void> {
	const ended = once(running, "exit");
	running.kill("SIGTERM");
	await ended;
}
