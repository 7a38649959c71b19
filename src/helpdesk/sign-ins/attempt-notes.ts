import { randomUUID } from "node:crypto";
import type { Clock } from "../../contract/clock.ts";
import type { HostStorage, StorageCommit, StorageKey } from "../../contract/storage.ts";
import {
	type AttemptNote,
	emptyNote,
	isNoteClosed,
	noteSet,
	startOfMinute,
	withEnd,
} from "./attempt-note.ts";
import type { SignInEntry } from "./sign-in-entry.ts";

const DAY_MS = 24 * 60 * 60_000;
/** How long log-ins that began wait to be stored together. A crash loses no more than this. */
const WAIT_MS = 30_000;
/** How many networks of a day are told apart, at all brands together. */
const MOST_NETWORKS = 20_000;

type Sets = NonNullable<StorageCommit["sets"]>;

/** An entry of the ledger and its key, which no other entry has. */
interface Written {
	readonly entry: SignInEntry;
	readonly key: StorageKey;
}

/**
 * Notes how attempts end, by brand and minute. The notes are in the commits of the ledger's entries, so that they cost no
 * operation of their own. Each process writes notes of its own, so that no log-in waits for another one. `WatchedBrands`
 * adds them up.
 *
 * Requests that belong to no attempt are not noted: anybody can send any number of them.
 */
export class AttemptNotes {
	private readonly process = randomUUID();
	/** What this process has stored for minutes that may go on, by the text of their place. */
	private stored = new Map<string, AttemptNote>();
	/** What the commit that is under way stores. */
	private pending = new Map<string, AttemptNote>();
	/** When networks counted as having begun a log-in, the earliest first. They are never stored. */
	private readonly networks = new Map<string, number>();
	private readonly starters = new Map<string, number>();
	private timer: NodeJS.Timeout | undefined;
	private writing: Promise<void> = Promise.resolve();

	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
		/** Called when the log-ins that began could not be stored. */
		private readonly report: (what: string, error: unknown) => void,
	) {}

	/**
	 * Part of the commit that writes entries, at most one note for each of them. The same commit may be tried again. Call
	 * {@link written} once it is done.
	 */
	setsOf(written: readonly Written[]): Sets {
		const now = this.clock.now();
		this.pending = new Map();
		const late = new Map<string, { readonly note: AttemptNote; readonly part: string }>();
		for (const { entry, key } of written.filter((each) => each.entry.wanted !== null)) {
			const from = startOfMinute(entry.at);
			const place = placeOf(entry.brandId, from);
			if (isNoteClosed(from, now)) {
				// The note of the minute may be added up already. The key of an entry is the same at each try.
				const { note = emptyNote(entry.brandId, from), part = String(key.at(-1)) } =
					late.get(place) ?? {};
				late.set(place, { note: withEnd(note, entry), part });
			} else {
				const before = this.pending.get(place) ?? this.stored.get(place);
				this.pending.set(place, withEnd(before ?? emptyNote(entry.brandId, from), entry));
			}
		}
		return [
			...[...this.pending.values()].map((note) => noteSet(note, this.process)),
			...[...late.values()].map(({ note, part }) => noteSet(note, part)),
		];
	}

	/** The last commit with {@link setsOf} is done. */
	written(): void {
		const now = this.clock.now();
		const all = new Map([...this.stored, ...this.pending]);
		this.stored = new Map([...all].filter(([, { from }]) => !isNoteClosed(from, now)));
		this.pending = new Map();
	}

	/** A visitor was sent to the provider. Never throws and never waits. A network counts once a day at each brand. */
	started(brandId: string, network: string): void {
		const now = this.clock.now();
		const name = `${brandId} ${network}`;
		const before = this.networks.get(name);
		if (before !== undefined && now - before < DAY_MS) {
			return;
		}
		const [oldest] = this.networks.keys();
		if (oldest !== undefined && this.networks.size >= MOST_NETWORKS) {
			this.networks.delete(oldest);
		}
		this.networks.delete(name);
		this.networks.set(name, now);
		this.starters.set(brandId, (this.starters.get(brandId) ?? 0) + 1);
		this.timer ??= setTimeout(() => void this.settled(), WAIT_MS).unref();
	}

	/** Resolves when the log-ins that began before are stored, or could not be stored. */
	async settled(): Promise<void> {
		clearTimeout(this.timer);
		this.timer = undefined;
		this.writing = this.writing.then(() => this.writeStarters());
		await this.writing;
	}

	private async writeStarters(): Promise<void> {
		const waiting = [...this.starters];
		this.starters.clear();
		if (waiting.length === 0) {
			return;
		}
		const from = startOfMinute(this.clock.now());
		const notes = waiting.map(([brandId, starters]) => ({
			...emptyNote(brandId, from),
			starters,
		}));
		try {
			await this.storage.commit({ sets: notes.map((note) => noteSet(note, randomUUID())) });
		} catch (error) {
			// They are few, and only say how many log-ins began.
			this.report("the number of log-ins that began could not be stored", error);
		}
	}
}

function placeOf(brandId: string, from: number): string {
	return `${from} ${brandId}`;
}
