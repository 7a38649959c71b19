import { fork } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const CERTIFICATE = fileURLToPath(new URL("../../fixtures/tls/cert.pem", import.meta.url));
const START_MS = 60_000;
const STOP_MS = 5_000;

/** A Node program in its own process. It answers questions and is ended by its pid. */
export class Child {
	#process;
	#questions = new Map();
	#asked = 0;

	/** The first line of its standard output, parsed as JSON. */
	ready;

	/**
	 * @param program the URL of a module.
	 * @param options.printsReady whether to wait for this first line.
	 */
	static async start(program, { args = [], env = {}, flags = [], printsReady = true } = {}) {
		const child = new Child();
		child.#process = fork(fileURLToPath(program), args, {
			execArgv: flags,
			env: { ...process.env, NODE_EXTRA_CA_CERTS: CERTIFICATE, ...env },
			// A helpdesk writes a log line for every log-in. Nobody reads them here.
			stdio: ["ignore", "pipe", process.env.BENCH_DEBUG ? "inherit" : "ignore", "ipc"],
		});
		child.#process.on("message", (message) => child.#settle(message));
		child.#process.on("exit", (code, signal) => child.#fail(program, signal ?? code));
		if (printsReady) {
			child.ready = await child.#firstLine(program);
		}
		return child;
	}

	get pid() {
		return this.#process.pid;
	}

	ask(question, values = {}) {
		this.#asked += 1;
		const id = this.#asked;
		return new Promise((resolve, reject) => {
			this.#questions.set(id, { resolve, reject });
			this.#process.send({ id, question, values }, (error) => error && reject(error));
		});
	}

	async stop() {
		if (this.#process.exitCode !== null || this.#process.signalCode !== null) {
			return;
		}
		const ended = once(this.#process, "exit");
		this.#process.kill("SIGTERM");
		const timer = setTimeout(() => this.#process.kill("SIGKILL"), STOP_MS);
		await ended;
		clearTimeout(timer);
	}

	async #firstLine(program) {
		const lines = createInterface(this.#process.stdout);
		const [line] = await Promise.race([
			once(lines, "line", { signal: AbortSignal.timeout(START_MS) }),
			once(this.#process, "exit").then(() => []),
		]);
		if (line === undefined) {
			throw new Error(`${program} did not start; BENCH_DEBUG=1 shows its output`);
		}
		return JSON.parse(line);
	}

	#settle({ id, answer, problem }) {
		const question = this.#questions.get(id);
		this.#questions.delete(id);
		if (problem === undefined) {
			question?.resolve(answer);
		} else {
			question?.reject(new Error(problem));
		}
	}

	#fail(program, how) {
		for (const { reject } of this.#questions.values()) {
			reject(new Error(`${program} ended (${how}) while it was asked something`));
		}
		this.#questions.clear();
	}
}
