import { randomUUID } from "node:crypto";
import type { Clock } from "../../contract/clock.ts";
import type { PluginEvent } from "../../contract/events.ts";
import type { LoginResponse } from "../../contract/login-response.ts";
import type { HostStorage, StorageEntry, StorageValue } from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { fieldsOf, isTime, readableEntries, type StoredKind } from "../../storage/stored-value.ts";
import { KEPT_MS } from "./sign-in-entry.ts";

const HOUR_MS = 60 * 60_000;
/** How long counts wait to be stored together. A crash loses no more than this. */
const WAIT_MS = 10_000;
const PAGE = 500;

/** How many requests of one hour belong to no log-in and are not in the ledger. */
export type StrayCount = {
	readonly brandId: string;
	/** The beginning of the hour. Milliseconds since the epoch. */
	readonly from: number;
	readonly count: number;
};

const STORED_STRAYS: StoredKind<StrayCount> = { name: "sign-ins/strays", read: readStrays };

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

	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
		private readonly log: (event: PluginEvent) => void,
		/** Called when counts could not be written or read. */
		private readonly report: (what: string, error: unknown) => void,
	) {}

	/** Never throws and never waits. */
	count(brandId: string): void {
		const from = Math.floor(this.clock.now() / HOUR_MS) * HOUR_MS;
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

	/** All counts of the hours that began since a time, of all nodes. Those of other nodes may be some seconds old. */
	async since(time: number): Promise<StrayCount[]> {
		await this.settled();
		const stored: StorageEntry[] = [];
		for await (const page of pagesOf(this.storage, ["strays"], PAGE)) {
			stored.push(...page);
		}
		return readableEntries(stored, STORED_STRAYS, this.report)
			.map(({ value }) => value)
			.filter(({ from }) => from >= time);
	}

	private async write(): Promise<void> {
		const waiting = [...this.counts].filter(([, { count, stored }]) => count > stored);
		if (waiting.length === 0) {
			return;
		}
		try {
			await this.storage.commit({
				sets: waiting.map(([, { brandId, from, count }]) => ({
					key: ["strays", String(from), brandId, this.process],
					value: { brandId, from, count },
					expiresAt: from + KEPT_MS,
				})),
			});
		} catch (error) {
			this.report("the number of requests that belong to no log-in could not be stored", error);
			return;
		}
		for (const [name, { brandId, from, count: stored }] of waiting) {
			const count = this.counts.get(name)?.count ?? stored;
			this.counts.set(name, { brandId, from, count, stored });
		}
		this.forgetPastHours();
	}

	private forgetPastHours(): void {
		for (const [name, { from, count, stored }] of this.counts) {
			if (count === stored && from + HOUR_MS <= this.clock.now()) {
				this.counts.delete(name);
			}
		}
	}
}

/** Keeps fields that a later version added. */
function readStrays(value: StorageValue): StrayCount | undefined {
	const fields = fieldsOf(value);
	const { brandId, from, count } = fields;
	return typeof brandId === "string" && isTime(from) && typeof count === "number"
		? { ...fields, brandId, from, count }
		: undefined;
}
