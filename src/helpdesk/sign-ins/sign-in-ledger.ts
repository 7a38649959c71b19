import { randomUUID } from "node:crypto";
import type { Clock } from "../../contract/clock.ts";
import type { PluginEvent } from "../../contract/events.ts";
import type { HostStorage, StorageEntry, StorageKey } from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { type SignInEntry, signInEntry, userOf } from "./sign-in-entry.ts";
import type { SignInSubjects } from "./sign-in-subjects.ts";

const DAY_MS = 24 * 60 * 60_000;
export const KEPT_DAYS = 90;
const KEPT_MS = KEPT_DAYS * DAY_MS;

/** Entries that wait to be written while the storage is slow or away; more are dropped and counted. */
const MAX_QUEUED = 1000;
const PAGE = 500;

/** How many entries are kept; the oldest go first. */
export interface LedgerLimits {
	/** Of attempts that began here. */
	readonly attempts: number;
	/** Of callbacks and forms that belong to no attempt: whoever forges them by the thousand drives no attempt out. */
	readonly strays: number;
	/**
	 * So many more than fit may be there for a while, from each node: to look after them reads all of them. A node that has
	 * seen room looks again when it may have filled a quarter of it, because others fill it as well.
	 */
	readonly trimmedAfter: number;
}

const LIMITS: LedgerLimits = { attempts: 20_000, strays: 2_000, trimmedAfter: 2_000 };

type Shelf = "attempts" | "strays";
const SHELVES = ["attempts", "strays"] as const satisfies readonly Shelf[];

interface Queued {
	readonly entry: SignInEntry;
	readonly key: StorageKey;
	readonly userId: string | null;
	readonly hashes: readonly string[];
}

/** How attempts to come in ended, for 90 days. Fed by the plugin's events, off the way of the log-in. */
export class SignInLedger {
	private queue: Queued[] = [];
	private dropped = 0;
	private scheduled = false;
	private writing: Promise<void> = Promise.resolve();
	/** How many more than fit there may be, as far as this node knows: below 0 as long as there is room. */
	private readonly surplus = new Map<Shelf, number>(SHELVES.map((shelf) => [shelf, Infinity]));

	constructor(
		private readonly storage: HostStorage,
		private readonly subjects: SignInSubjects,
		private readonly clock: Clock,
		/** Told when entries could not be written or trimmed. */
		private readonly report: (what: string, error: unknown) => void,
		private readonly limits: LedgerLimits = LIMITS,
	) {}

	/** Takes an event for later. Never throws and never waits; events that end no attempt are left alone. */
	record(event: PluginEvent): void {
		try {
			this.enqueue(event);
		} catch (error) {
			this.report("an event of the plugin is none that the sign-in ledger understands", error);
		}
	}

	/** Resolves when all that was recorded before is written, or could not be. */
	async settled(): Promise<void> {
		await this.writing;
	}

	/** Writes what waits, once more where that failed before. */
	async close(): Promise<void> {
		await this.writing;
		if (this.queue.length > 0) {
			this.schedule();
			await this.writing;
		}
	}

	/** Everything since then, those recorded on this node a moment ago included, newest first. */
	async since(from: number): Promise<SignInEntry[]> {
		await this.settled();
		const entries: SignInEntry[] = [];
		for (const shelf of SHELVES) {
			for (const day of this.daysSince(from)) {
				for await (const page of this.pagesOf(["entry", shelf, day])) {
					entries.push(...page.map(entryIn).filter(({ at }) => at >= from));
				}
			}
		}
		return entries.sort((a, b) => b.at - a.at);
	}

	/** A user was deleted: nothing in the ledger leads to their account at the provider any more. */
	async forget(userId: string): Promise<void> {
		await this.settled();
		const hashes = await this.subjects.close(userId, null);
		await this.settled();
		await this.erase(hashes);
		await this.subjects.drop(userId, hashes);
	}

	/** One user went up in another, with whom their entries are erased from now on. */
	async move(userId: string, intoUserId: string): Promise<void> {
		await this.settled();
		const hashes = await this.subjects.close(userId, intoUserId);
		const expiresAt = this.clock.now() + KEPT_MS;
		await this.storage.commit({
			sets: this.subjects.claim(intoUserId, [...hashes], expiresAt).sets,
		});
		await this.subjects.drop(userId, hashes);
	}

	private enqueue(event: PluginEvent): void {
		const hashes = this.subjects.hashesOf(event);
		const entry = signInEntry(event, this.clock.now(), hashes[0] ?? null);
		if (entry === undefined) {
			return;
		}
		if (this.queue.length >= MAX_QUEUED) {
			this.dropped += 1;
			return;
		}
		this.queue.push({ entry, key: newKey(entry), userId: userOf(event), hashes });
		this.schedule();
	}

	private schedule(): void {
		if (!this.scheduled) {
			this.scheduled = true;
			this.writing = this.writing.then(() => this.writeQueued());
		}
	}

	private async writeQueued(): Promise<void> {
		// Whatever ends in this turn goes into one commit, after the visitor's answer.
		await nextTurn();
		this.scheduled = false;
		const batch = this.queue.splice(0);
		try {
			await this.write(batch);
		} catch (error) {
			this.queue.unshift(...batch);
			this.report("how log-ins ended could not be written; it is tried with the next one", error);
			return;
		}
		if (this.dropped > 0) {
			this.report("how log-ins ended was lost while the storage was away", this.dropped);
			this.dropped = 0;
		}
		try {
			await this.trimSometimes(batch);
		} catch (error) {
			this.report("the oldest entries of the sign-in ledger could not be deleted", error);
		}
	}

	private async write(batch: readonly Queued[]): Promise<void> {
		const users = new Set(batch.flatMap(({ userId }) => userId ?? []));
		const heirs = new Map<string, string | null>([...users].map((userId) => [userId, userId]));
		while (!(await this.commit(batch, heirs))) {
			// Somebody among them was deleted or merged.
			for (const userId of users) {
				heirs.set(userId, await this.subjects.heirOf(userId));
			}
		}
		const ofNobody = batch.filter(({ userId }) => userId !== null && heirs.get(userId) === null);
		await this.erase(new Set(ofNobody.flatMap(({ hashes }) => hashes)));
	}

	private commit(
		batch: readonly Queued[],
		heirs: ReadonlyMap<string, string | null>,
	): Promise<boolean> {
		const claimed = new Map<string, Set<string>>();
		const entries = batch.map(({ entry, key, userId, hashes }) => {
			const heir = userId === null ? undefined : heirs.get(userId);
			if (heir != null) {
				claimed.set(heir, new Set([...(claimed.get(heir) ?? []), ...hashes]));
			}
			const value = heir === null ? { ...entry, who: null } : entry;
			return { key, value, expiresAt: entry.at + KEPT_MS };
		});
		const expiresAt = this.clock.now() + KEPT_MS;
		const claims = [...claimed].map(([userId, hashes]) =>
			this.subjects.claim(userId, [...hashes], expiresAt),
		);
		return this.storage.commit({
			checks: claims.flatMap(({ checks }) => checks),
			sets: [...entries, ...claims.flatMap(({ sets }) => sets)],
		});
	}

	private async erase(hashes: ReadonlySet<string>): Promise<void> {
		if (hashes.size === 0) {
			return;
		}
		for await (const page of this.pagesOf(["entry"])) {
			for (const { key, value, version } of page) {
				const entry = value as SignInEntry;
				if (hashes.has(entry.who ?? "")) {
					// Nothing else is ever changed in an entry: where the check fails, it is erased or gone.
					await this.storage.commit({
						checks: [{ key, version }],
						sets: [{ key, value: { ...entry, who: null }, expiresAt: entry.at + KEPT_MS }],
					});
				}
			}
		}
	}

	private async trimSometimes(batch: readonly Queued[]): Promise<void> {
		for (const shelf of SHELVES) {
			const written = batch.filter(({ entry }) => shelfOf(entry) === shelf).length;
			const surplus = (this.surplus.get(shelf) ?? 0) + written;
			const due = written > 0 && surplus >= this.limits.trimmedAfter;
			// What cannot be trimmed now is not tried with each entry.
			this.surplus.set(shelf, due ? 0 : surplus);
			if (due) {
				this.surplus.set(shelf, -Math.floor((await this.trim(shelf)) / 4));
			}
		}
	}

	/**
	 * Day by day from the newest. What other nodes write or trim meanwhile can only be newer, or be gone.
	 *
	 * @returns how many more fit.
	 */
	private async trim(shelf: Shelf): Promise<number> {
		let room = this.limits[shelf];
		for (const day of this.daysSince(this.clock.now() - KEPT_MS)) {
			const keys: StorageKey[] = [];
			for await (const page of this.pagesOf(["entry", shelf, day])) {
				keys.push(...page.map(({ key }) => key));
			}
			const tooMany = keys.length - room;
			room = Math.max(0, -tooMany);
			if (tooMany > 0) {
				// The last part of a key starts with the time.
				const oldest = keys.sort((a, b) => compare(a.at(-1), b.at(-1))).slice(0, tooMany);
				for (let start = 0; start < oldest.length; start += PAGE) {
					await this.storage.commit({ deletes: oldest.slice(start, start + PAGE) });
					await nextTurn();
				}
			}
		}
		return room;
	}

	/** Newest first. A day ahead, for nodes whose clocks are. */
	private *daysSince(from: number): Generator<string> {
		const oldest = Math.max(from, this.clock.now() - KEPT_MS);
		for (let time = this.clock.now() + DAY_MS; dayOf(time) >= dayOf(oldest); time -= DAY_MS) {
			yield dayOf(time);
		}
	}

	/** Lets others have their turn between two pages. */
	private async *pagesOf(prefix: StorageKey): AsyncGenerator<readonly StorageEntry[]> {
		for await (const entries of pagesOf(this.storage, prefix, PAGE)) {
			yield entries;
			await nextTurn();
		}
	}
}

/** Never that of another entry, on whichever node. */
function newKey(entry: SignInEntry): StorageKey {
	const time = String(entry.at).padStart(16, "0");
	return ["entry", shelfOf(entry), dayOf(entry.at), `${time}-${randomUUID()}`];
}

function shelfOf({ wanted }: SignInEntry): Shelf {
	return wanted === null ? "strays" : "attempts";
}

function dayOf(time: number): string {
	return new Date(time).toISOString().slice(0, 10);
}

function entryIn({ value }: StorageEntry): SignInEntry {
	return value as SignInEntry;
}

function compare(a = "", b = ""): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

function nextTurn(): Promise<void> {
	return new Promise((resolve) => {
		setImmediate(resolve);
	});
}
