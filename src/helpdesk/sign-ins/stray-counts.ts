import { randomUUID } from "node:crypto";
import type { Clock } from "../../contract/clock.ts";
import type { PluginEvent } from "../../contract/events.ts";
import type { LoginResponse } from "../../contract/login-response.ts";
import type { HostStorage } from "../../contract/storage.ts";
import {
	countSet,
	HOUR_MS,
	isOver,
	type StrayCount,
	StrayHours,
	type StraysSince,
} from "./stray-hours.ts";

/** How long counts wait to be stored together. A crash loses no more than this. */
const WAIT_MS = 10_000;
/** How many commits that add up hours follow one that stores counts. */
const ADDED_AT_ONCE = 5;

interface Counted extends StrayCount {
	/** How many of them are stored. */
	readonly stored: number;
}

/** Whether a plugin answered a request that belongs to no log-in and did not record it. */
export function isUnrecorded(response: LoginResponse): boolean {
	return "traceCode" in response && response.traceCode === "";
}

/**
 * Counts, by brand and hour, the requests that belong to no log-in and that a plugin did not record. A flood of them is
 * a number and one line in the log, instead of an entry and a line for each.
 */
export class StrayCounts {
	/** Each process writes entries of its own, so that a flood makes no nodes wait for each other. */
	private readonly process = randomUUID();
	private readonly counts = new Map<string, Counted>();
	private timer: NodeJS.Timeout | undefined;
	private writing: Promise<void> = Promise.resolve();
	private readonly hours: StrayHours;
	/** The hour in which this process added up hours last. */
	private addedUpIn = Number.NEGATIVE_INFINITY;

	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
		private readonly log: (event: PluginEvent) => void,
		/** Called when counts could not be written or read. */
		private readonly report: (what: string, error: unknown) => void,
	) {
		this.hours = new StrayHours(storage, report);
	}

	/** Never throws and never waits. */
	count(brandId: string): void {
		const from = startOfHour(this.clock.now());
		const name = `${from} ${brandId}`;
		const known = this.counts.get(name);
		if (known === undefined) {
			this.log({
				name: "helpdesk.strays",
				level: "warn",
				message:
					"a network sends many requests that belong to no log-in; the rest of this hour are only counted, see Sign-ins",
				brandId,
				fields: {},
			});
		}
		const { count, stored } = known ?? { count: 0, stored: 0 };
		this.counts.set(name, { brandId, from, count: count + 1, stored });
		this.timer ??= setTimeout(() => void this.settled(), WAIT_MS).unref();
	}

	/** Resolves when everything counted before is stored, or could not be stored. */
	async settled(): Promise<void> {
		clearTimeout(this.timer);
		this.timer = undefined;
		this.writing = this.writing.then(() => this.write());
		await this.writing;
	}

	/** The counts of the hours that began since a time, of all nodes. Those of other nodes may be some seconds old. */
	async since(time: number): Promise<StraysSince> {
		await this.settled();
		return this.hours.since(time, this.clock.now());
	}

	private async write(): Promise<void> {
		const waiting = [...this.counts].filter(([, { count, stored }]) => count > stored);
		if (waiting.length === 0) {
			return;
		}
		try {
			await this.storage.commit({ sets: waiting.map(([, counted]) => this.setOf(counted)) });
		} catch (error) {
			this.report("the number of requests that belong to no log-in could not be stored", error);
			return;
		}
		for (const [name, { brandId, from, count: stored }] of waiting) {
			const count = this.counts.get(name)?.count ?? stored;
			this.counts.set(name, { brandId, from, count, stored });
		}
		this.forgetPastHours();
		await this.addUp();
	}

	/** An hour that is over may be added up already, so a late part of its count is stored by itself. */
	private setOf({ stored, ...counted }: Counted) {
		return isOver(counted.from, this.clock.now())
			? countSet({ ...counted, count: counted.count - stored }, randomUUID())
			: countSet(counted, this.process);
	}

	private async addUp(): Promise<void> {
		const now = this.clock.now();
		if (startOfHour(now) === this.addedUpIn) {
			return;
		}
		this.addedUpIn = startOfHour(now);
		try {
			await this.hours.addUp(now, ADDED_AT_ONCE);
		} catch (error) {
			this.report("the requests of an hour that belong to no log-in are not added up", error);
		}
	}

	private forgetPastHours(): void {
		for (const [name, { from, count, stored }] of this.counts) {
			if (count === stored && from + HOUR_MS <= this.clock.now()) {
				this.counts.delete(name);
			}
		}
	}
}

function startOfHour(time: number): number {
	return Math.floor(time / HOUR_MS) * HOUR_MS;
}
