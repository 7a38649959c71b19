import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { freePorts } from "../helpdesk/start-helpdesk.ts";

const SCRIPT = fileURLToPath(new URL("../../server.sh", import.meta.url));
const TLS_FOLDER = fileURLToPath(new URL("../../fixtures/tls", import.meta.url));
const READY = /ready to accept connections/i;
const PASSWORD = "secret-password";

/** A database server that only one test uses, and may kill. */
export interface OwnServer {
	readonly url: string;
	/** Ends it with SIGKILL. */
	kill(): Promise<void>;
	restart(): Promise<void>;
}

/** @param options.tls whether it has the certificate of test/fixtures/tls. */
export async function startOwnServer(
	engine: "postgres" | "redis",
	{ tls = false } = {},
): Promise<OwnServer> {
	const folder = await mkdtemp(join(tmpdir(), `${engine}-`));
	await chmod(folder, 0o755);
	const port = await freePorts();
	let child: ChildProcess;
	const kill = async (): Promise<void> => {
		const ended = once(child, "close");
		if (child.kill("SIGKILL")) {
			await ended;
		}
	};
	const start = async (): Promise<void> => {
		const args = [SCRIPT, engine, join(folder, "data"), String(port), PASSWORD];
		if (tls) {
			args.push(TLS_FOLDER);
		}
		child = spawn("sh", args, { stdio: ["ignore", "pipe", "pipe"] });
		let printed = "";
		await new Promise<void>((resolve, reject) => {
			const read = (chunk: unknown): void => {
				printed += chunk;
				if (READY.test(printed)) {
					resolve();
				}
			};
			child.stdout?.on("data", read);
			child.stderr?.on("data", read);
			child.once("exit", () => reject(new Error(`${engine} did not start: ${printed}`)));
		});
	};
	await start();
	onTestFinished(async () => {
		await kill();
		await rm(folder, { recursive: true });
	});
	const user = engine === "postgres" ? "helpdesk" : "";
	const database = engine === "postgres" ? "postgres" : "0";
	return {
		url: `${engine}://${user}:${PASSWORD}@127.0.0.1:${port}/${database}`,
		kill,
		restart: start,
	};
}
