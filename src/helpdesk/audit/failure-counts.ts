import type { Clock } from "../../contract/clock.ts";
import type { Random } from "../../contract/random.ts";
import type { HostStorage } from "../../contract/storage.ts";
import {
	type DeedObject,
	type NewDeed,
	NOBODY,
	type StoredEntry,
	storedEntry,
} from "./audit-entry.ts";
import { entrySets } from "./audit-keys.ts";
import { newTraceCode } from "./trace-code.ts";

const HOUR_MS = 60 * 60_000;
/** How many failures of one kind, network, person and hour have an entry each. Further ones are counted in one. */
const MOST_SINGLE = 20;
/** How long counts wait to be stored together. A crash loses no more than this. */
const WAIT_MS = 10_000;
/** How many networks are counted apart in an hour. Failures of further ones are counted together. */
const MOST_NETWORKS = 10_000;

interface Counted {
	readonly deed: NewDeed;
	readonly hour: number;
	count: number;
	/** The entry for those that have none of their own; undefined while there are none. */
	together: { readonly entry: StoredEntry; readonly stored: number } | undefined;
}

/**
 * Notes log-ins and other attempts that failed. A flood of them is an entry with a number for each network and hour, so that
 * it neither hides nor pushes out what else was done.
 */
export class FailureCounts {
	private readonly counts = new Map<string, Counted>();
	/** The hour in which counts of past hours were forgotten last. */
	private hour = 0;
	private timer: NodeJS.Timeout | undefined;
	private writing: Promise<void> = Promise.resolve();

	/** @param storage the namespace of the trail. */
	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
		private readonly random: Random,
		private readonly report: (what: string, error: unknown) => void,
	) {}

	/**
	 * Never throws: an attempt that failed has failed, whether or not it can be noted.
	 *
	 * @param objectOf finds the account. Asked only for an entry that stands for one failure.
	 */
	async note(deed: NewDeed, objectOf: () => Promise<DeedObject | undefined>): Promise<void> {
		const counted = this.countedFor(deed);
		counted.count += 1;
		if (counted.count > MOST_SINGLE) {
			this.count(counted);
			return;
		}
		try {
			await this.storage.commit({
				sets: entrySets(this.newEntry({ ...deed, object: await objectOf() })),
			});
		} catch (error) {
			this.report("an attempt that failed could not be noted in the audit trail", error);
		}
	}

	/** Resolves when everything counted before is stored, or could not be stored. */
	async settled(): Promise<void> {
		clearTimeout(this.timer);
		this.timer = undefined;
		this.writing = this.writing.then(() => this.write());
		await this.writing;
	}

	private countedFor(deed: NewDeed): Counted {
		const hour = Math.floor(this.clock.now() / HOUR_MS);
		const who = "id" in deed.actor ? deed.actor.id : "";
		const name = `${hour} ${deed.name} ${deed.network ?? ""} ${who}`;
		const known = this.counts.get(name);
		if (known !== undefined) {
			return known;
		}
		this.forgetPastHours(hour);
		if (this.counts.size >= MOST_NETWORKS && deed.network !== undefined) {
			const { name, reason } = deed;
			return this.countedFor({ name, reason, actor: NOBODY });
		}
		const counted: Counted = { deed, hour, count: 0, together: undefined };
		this.counts.set(name, counted);
		return counted;
	}

	private count(counted: Counted): void {
		// Those that are counted together have no one object and no one reason.
		const { name, actor, network } = counted.deed;
		const entry = counted.together?.entry ?? {
			...this.newEntry({ name, actor, network, reason: "counted" }),
			count: 0,
		};
		const stored = counted.together?.stored ?? 0;
		counted.together = { entry: { ...entry, count: counted.count - MOST_SINGLE }, stored };
		this.timer ??= setTimeout(() => void this.settled(), WAIT_MS).unref();
	}

	private async write(): Promise<void> {
		try {
			for (const counted of this.counts.values()) {
				const { entry, stored = 0 } = counted.together ?? {};
				if (entry !== undefined && entry.count > stored) {
					await this.storage.commit({ sets: entrySets(entry) });
					// More may have been counted meanwhile.
					counted.together = { entry: counted.together?.entry ?? entry, stored: entry.count };
				}
			}
		} catch (error) {
			this.report("attempts that failed could not be counted in the audit trail", error);
		}
	}

	private newEntry(deed: NewDeed): StoredEntry {
		return storedEntry(deed, this.clock.now(), newTraceCode(this.random));
	}

	private forgetPastHours(hour: number): void {
		if (hour === this.hour) {
			return;
		}
		this.hour = hour;
		for (const [name, counted] of this.counts) {
			const { together } = counted;
			if (counted.hour < hour && (together?.stored ?? 0) === (together?.entry.count ?? 0)) {
				this.counts.delete(name);
			}
		}
	}
}
