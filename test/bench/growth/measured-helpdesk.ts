import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { ChildOptions, Deeds, Request } from "./growth-child.ts";
import type { LoginTimes } from "./thin-helpdesk.ts";

const CHILD = fileURLToPath(new URL("growth-child.ts", import.meta.url));
const RUN_TYPESCRIPT = new URL("../../run-typescript.mjs", import.meta.url).href;
/** A million people in memory need more than Node's default heap, and so does their list while they are stored. */
const MAX_HEAP_MB = 12_288;

/** A helpdesk with a number of people, in its own process. */
export class MeasuredHelpdesk {
	readonly people: number;
	readonly times = { returning: [] as LoginTimes[], new: [] as LoginTimes[] };
	private readonly child: ChildProcess;
	private readonly ended: Promise<never>;
	/** The process does one thing at a time. */
	private last: Promise<unknown> = Promise.resolve();

	constructor(readonly options: ChildOptions) {
		this.people = options.people;
		const inMemory =
			options.url === "memory:" || !options.isFilled ? [`--max-old-space-size=${MAX_HEAP_MB}`] : [];
		this.child = fork(CHILD, [JSON.stringify(options)], {
			execArgv: ["--import", RUN_TYPESCRIPT, "--expose-gc", ...inMemory],
		});
		this.ended = once(this.child, "exit").then(([code]) =>
			Promise.reject(new Error(`a helpdesk ended with the code ${code}`)),
		);
		// Rejects the promise that waits for an answer.
		this.ended.catch(() => undefined);
	}

	/** @throws Error with what went wrong in the process. */
	async call<Name extends keyof Deeds>(
		deed: Name,
		...args: Parameters<Deeds[Name]>
	): Promise<Awaited<ReturnType<Deeds[Name]>>> {
		const answer = this.last.then(() => this.ask({ deed, args } as Request));
		this.last = answer.catch(() => undefined);
		return (await answer) as Awaited<ReturnType<Deeds[Name]>>;
	}

	/** @param counted whether the times are kept. */
	async measure(logins: number, counted: boolean): Promise<void> {
		const round = await this.call("round", logins);
		if (counted) {
			this.times.returning.push(...round.returning);
			this.times.new.push(...round.new);
		}
	}

	async end(): Promise<void> {
		this.child.kill();
		await this.ended.catch(() => undefined);
	}

	private async ask(request: Request): Promise<unknown> {
		this.child.send(request);
		const [{ answer, problem }] = (await Promise.race([
			once(this.child, "message"),
			this.ended,
		])) as [{ readonly answer?: unknown; readonly problem?: string }];
		if (problem !== undefined) {
			throw new Error(problem);
		}
		return answer;
	}
}
