import type { ScryptOptions } from "node:crypto";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

/** Lies beside this file, and beside the built command. */
const PROGRAM = new URL("./scrypt-worker.mjs", import.meta.url);
/** One processor is left to answer requests. More than two workers would need much memory: 32 MiB for each hash. */
const WORKERS = Math.max(1, Math.min(2, availableParallelism() - 1));
/** More than the guesses that are checked at once, so that people who have proven who they are find room. */
const MAX_WAITING = 32;

/** The hash to compute. */
export interface ScryptJob {
	readonly password: string;
	/** In base64url. */
	readonly salt: string;
	/** The length of the hash. */
	readonly bytes: number;
	readonly options: ScryptOptions;
}

/** Too many hashes are waiting. Nothing was computed, and the caller may try again. */
export class PasswordsBusyError extends Error {
	override readonly name = "PasswordsBusyError";

	constructor() {
		super("too many passwords are waiting to be hashed");
	}
}

interface Task {
	readonly job: ScryptJob;
	readonly resolve: (key: Buffer) => void;
	readonly reject: (error: unknown) => void;
}

interface Thread {
	readonly worker: Worker;
	task: Task | undefined;
}

/**
 * Computes scrypt outside the four threads that libuv has for name look-ups, files and hashes together. There, a few
 * guesses at passwords would keep everything waiting that connects to a host by its name.
 *
 * Workers start with the first job, and keep the process running only while they have one. A worker that ends is replaced
 * for the next job.
 */
export class ScryptWorkers {
	private readonly threads = new Set<Thread>();
	private readonly waiting: Task[] = [];
	private isClosed = false;

	constructor(
		private readonly most = WORKERS,
		private readonly maxWaiting = MAX_WAITING,
	) {}

	/**
	 * @throws PasswordsBusyError when too many jobs are waiting.
	 * @throws Error for parameters that scrypt refuses, when the worker ended meanwhile, and after {@link close}.
	 */
	derive(job: ScryptJob): Promise<Buffer> {
		return new Promise((resolve, reject) => {
			if (this.isClosed) {
				throw new Error("no password is hashed any more, because the helpdesk is closing");
			}
			if (this.waiting.length >= this.maxWaiting) {
				throw new PasswordsBusyError();
			}
			this.waiting.push({ job, resolve, reject });
			this.startNext();
		});
	}

	/** Ends the workers. Rejects the jobs that are not done. */
	async close(): Promise<void> {
		this.isClosed = true;
		const closing = new Error("a password was not hashed, because the helpdesk is closing");
		for (const { reject } of this.waiting.splice(0)) {
			reject(closing);
		}
		await Promise.all([...this.threads].map(({ worker }) => worker.terminate()));
	}

	private startNext(): void {
		const idle = [...this.threads].find(({ task }) => task === undefined);
		if (idle === undefined && this.threads.size >= this.most) {
			return;
		}
		const task = this.waiting.shift();
		if (task === undefined) {
			return;
		}
		try {
			const thread = idle ?? this.newThread();
			thread.task = task;
			thread.worker.ref();
			thread.worker.postMessage(task.job);
		} catch (error) {
			// The system has no thread left. The next job tries again.
			task.reject(error);
		}
	}

	private newThread(): Thread {
		// Without the flags of this process: what they load is not for a worker.
		const worker = new Worker(PROGRAM, { execArgv: [], name: "scrypt" });
		const thread: Thread = { worker, task: undefined };
		this.threads.add(thread);
		let cause: unknown;
		worker.on("message", ({ key, error }: { readonly key?: string; readonly error?: unknown }) => {
			const { task } = thread;
			thread.task = undefined;
			worker.unref();
			if (key === undefined) {
				task?.reject(error);
			} else {
				task?.resolve(Buffer.from(key, "base64url"));
			}
			this.startNext();
		});
		worker.on("error", (error) => {
			cause = error;
		});
		// Comes after an error as well.
		worker.on("exit", () => {
			this.threads.delete(thread);
			thread.task?.reject(
				new Error("a password was not hashed, because its worker ended", { cause }),
			);
			this.startNext();
		});
		return thread;
	}
}
