import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Ready } from "../kit/helpdesk/start-helpdesk.ts";

const CLI = fileURLToPath(new URL("../../dist/cli.mjs", import.meta.url));
const PRELOAD = new URL("report-memory.mjs", import.meta.url).href;

/** The memory of one process, in bytes. */
export interface Memory {
	readonly rss: number;
	readonly heapUsed: number;
	/** Memory that JavaScript uses outside of its heap. */
	readonly external: number;
}

interface Asked {
	readonly resolve: (memory: Memory) => void;
	readonly reject: (error: Error) => void;
}

type SoakReady = Omit<Ready, "fakeX">;

/** One process of the built helpdesk. */
export class SoakNode {
	/** Errors and other lines that it printed, and how often. */
	readonly complaints = new Map<string, number>();
	private readonly answers = new Map<number, Asked>();
	private asked = 0;
	private exitCode: number | null | undefined;

	private constructor(private readonly child: ChildProcess) {
		child.on("message", (message) => {
			const { id, ...memory } = message as Memory & { readonly id: number };
			this.answers.get(id)?.resolve(memory);
			this.answers.delete(id);
		});
		child.once("exit", (code) => {
			this.exitCode = code;
			for (const { reject } of this.answers.values()) {
				reject(endedByItself(code));
			}
		});
		createInterface(child.stderr as NodeJS.ReadableStream).on("line", (line) => this.hear(line));
	}

	/** @param atEnd gets a function that kills it. */
	static async start(
		flags: readonly string[],
		atEnd: (end: () => void) => void,
	): Promise<{ readonly node: SoakNode; readonly ready: SoakReady }> {
		const child = spawn(
			process.execPath,
			["--expose-gc", "--import", PRELOAD, CLI, "start", "--json", ...flags],
			{ stdio: ["ignore", "pipe", "pipe", "ipc"] },
		);
		atEnd(() => {
			child.kill("SIGKILL");
		});
		const node = new SoakNode(child);
		const [line] = await Promise.race([
			once(createInterface(child.stdout as NodeJS.ReadableStream), "line"),
			once(child, "exit").then(() =>
				Promise.reject(
					new Error(`a node did not start: ${[...node.complaints.keys()].join("; ")}`),
				),
			),
		]);
		return { node, ready: JSON.parse(String(line)) as SoakReady };
	}

	/** @param collected Whether to collect garbage first. */
	async memory({ collected }: { readonly collected: boolean }): Promise<Memory> {
		if (this.exitCode !== undefined) {
			throw endedByItself(this.exitCode);
		}
		this.asked += 1;
		const id = this.asked;
		return new Promise((resolve, reject) => {
			this.answers.set(id, { resolve, reject });
			this.child.send({ id, collected }, (error) => error && reject(error));
		});
	}

	/** Ends it with SIGTERM. @returns its exit code. */
	async stop(): Promise<number | null> {
		if (this.exitCode === undefined) {
			const ended = once(this.child, "exit");
			this.child.kill("SIGTERM");
			await ended;
		}
		return this.exitCode ?? null;
	}

	private hear(line: string): void {
		const complaint = complaintIn(line);
		if (complaint !== undefined) {
			this.complaints.set(complaint, (this.complaints.get(complaint) ?? 0) + 1);
		}
	}
}

function endedByItself(code: number | null): Error {
	return new Error(`a node ended by itself with the code ${code}`);
}

function complaintIn(line: string): string | undefined {
	try {
		const event = JSON.parse(line) as Readonly<Record<string, unknown>>;
		const fields = event["fields"] as Readonly<Record<string, unknown>> | undefined;
		const [cause = ""] = String(fields?.["error"] ?? "").split("\n");
		return event["level"] === "error" ? `${event["message"]}: ${cause}` : undefined;
	} catch {
		return line;
	}
}
