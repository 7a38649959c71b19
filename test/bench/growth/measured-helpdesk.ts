import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Round } from "./growth-child.ts";
import type { LoginTimes } from "./thin-helpdesk.ts";

const CHILD = fileURLToPath(new URL("growth-child.ts", import.meta.url));
const RUN_TYPESCRIPT = new URL("../../run-typescript.mjs", import.meta.url).href;
/** A million people in memory need more than Node's default heap. */
const MAX_HEAP_MB = 12_288;

/** A helpdesk with a number of people, in its own process. */
export class MeasuredHelpdesk {
	readonly people: number;
	readonly times = { returning: [] as LoginTimes[], new: [] as LoginTimes[] };
	/** Resolves when everybody is stored. */
	readonly filled: Promise<unknown>;
	private readonly child: ChildProcess;
	private readonly ended: Promise<never>;

	/** @param size.logins how many log-ins of each kind will be measured in all rounds. */
	constructor(url: string, size: { readonly people: number; readonly logins: number }) {
		this.people = size.people;
		this.child = fork(CHILD, [url, String(size.people), String(size.logins)], {
			execArgv: ["--import", RUN_TYPESCRIPT, `--max-old-space-size=${MAX_HEAP_MB}`],
		});
		this.ended = once(this.child, "exit").then(([code]) =>
			Promise.reject(new Error(`a helpdesk ended with the code ${code}`)),
		);
		// Rejects the promise that waits for an answer.
		this.ended.catch(() => undefined);
		this.filled = this.answer();
	}

	/** @param counted whether the times are kept. */
	async measure(logins: number, counted: boolean): Promise<void> {
		this.child.send(logins);
		const round = (await this.answer()) as Round;
		if (counted) {
			this.times.returning.push(...round.returning);
			this.times.new.push(...round.new);
		}
	}

	async end(): Promise<void> {
		this.child.kill();
		await this.ended.catch(() => undefined);
	}

	private async answer(): Promise<unknown> {
		const [answer] = await Promise.race([once(this.child, "message"), this.ended]);
		return answer;
	}
}
