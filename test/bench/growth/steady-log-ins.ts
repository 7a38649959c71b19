import { setTimeout as after } from "node:timers/promises";
import type { FakeXAccount } from "../../../src/testing/fake-x/fake-x-options.ts";
import { decideAtX } from "../../kit/browser/decide-at-x.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";

const PER_SECOND = 10;
const WARM_UP = 50;
const START = "/login/x-login/start";

/** How long visitors waited for their log-ins. Milliseconds. */
export interface Waits {
	readonly count: number;
	readonly p50: number;
	readonly p99: number;
	/** Log-ins that did not end with the account page. */
	readonly failed: number;
	/** What the first of them saw. */
	readonly problem?: string;
}

/**
 * Visitors who log in with X at a steady rate, whether or not the ones before them are done. The time of a log-in counts
 * from when it was due: a helpdesk that answers nobody for a second makes ten visitors wait.
 */
export class SteadyLogIns {
	/** @param next the account at X of the next visitor. */
	constructor(
		private readonly portal: string,
		private readonly next: () => FakeXAccount,
	) {}

	/** Some log-ins one after the other, until code is compiled and caches are full. */
	async warmUp(): Promise<void> {
		for (let each = 0; each < WARM_UP; each += 1) {
			await this.logIn();
		}
	}

	/** Log-ins for as long as some work takes, and for so many seconds at least. */
	async during<Result>(
		work: () => Promise<Result>,
		seconds: number,
	): Promise<{ readonly waits: Waits; readonly result: Result }> {
		const times: number[] = [];
		const problems: string[] = [];
		const began = performance.now();
		let isWorking = true;
		const working = work().finally(() => {
			isWorking = false;
		});
		const visits: Promise<void>[] = [];
		for (let index = 0; isWorking || performance.now() - began < seconds * 1000; index += 1) {
			const due = began + (index * 1000) / PER_SECOND;
			await after(Math.max(0, due - performance.now()));
			const visit = this.logIn().then(
				() => times.push(performance.now() - due),
				(error: unknown) => problems.push(String(error)),
			);
			visits.push(visit.then(() => undefined));
		}
		await Promise.all(visits);
		const result = await working;
		times.sort((a, b) => a - b);
		const quantile = (share: number) => times[Math.ceil(share * times.length) - 1] ?? Infinity;
		const [problem] = problems;
		const waits = {
			...{ count: times.length, p50: quantile(0.5), p99: quantile(0.99) },
			failed: problems.length,
			...(problem !== undefined && { problem }),
		};
		return { waits, result };
	}

	private async logIn(): Promise<void> {
		const visitor = new HttpVisitor();
		await visitor.open(`${this.portal}/login?returnTo=/account`);
		const { url } = await visitor.submit(START);
		const callback = await decideAtX(url, { decision: "approve", account: this.next().id });
		const { status, url: end } = await visitor.open(callback);
		if (status !== 200 || new URL(end).pathname !== "/account") {
			throw new Error(`a log-in ends with ${status} at ${end}`);
		}
	}
}
