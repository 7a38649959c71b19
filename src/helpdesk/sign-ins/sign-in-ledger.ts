import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "../../contract/clock.ts";
import type { PluginEvent } from "../../contract/events.ts";
import type {
	HostStorage,
	StorageCommit,
	StorageEntry,
	StorageKey,
} from "../../contract/storage.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { readableEntries, UnreadableValueError } from "../../storage/stored-value.ts";
import type { PeopleByDay } from "./people-by-day.ts";
import { type SignInEntry, STORED_SIGN_IN, signInEntry, userOf } from "./sign-in-entry.ts";
import { KEPT_MS, type LedgerLimits, SignInShelves } from "./sign-in-shelves.ts";
import type { SignInSubjects } from "./sign-in-subjects.ts";

/** How many entries wait to be written while the storage is slow or away. Further ones are dropped and counted. */
const MAX_QUEUED = 1000;

interface Queued {
	readonly entry: SignInEntry;
	readonly key: StorageKey;
	readonly userId: string | null;
	readonly hashes: readonly string[];
}

/** Keeps how attempts to log in ended, for 90 days. It takes the plugin's events, and no log-in waits for it. */
export class SignInLedger {
	private queue: Queued[] = [];
	private dropped = 0;
	private scheduled = false;
	private writing: Promise<void> = Promise.resolve();
	private folding: Promise<void> = Promise.resolve();
	private readonly shelves: SignInShelves;

	constructor(
		private readonly storage: HostStorage,
		private readonly subjects: SignInSubjects,
		private readonly people: PeopleByDay,
		private readonly clock: Clock,
		/** Called when entries could not be written, trimmed or read. */
		private readonly report: (what: string, error: unknown) => void,
		limits?: LedgerLimits,
	) {
		this.shelves = new SignInShelves(storage, clock, limits);
	}

	/** Queues an event. Never throws and never waits. Ignores events that end no attempt. */
	record(event: PluginEvent): void {
		try {
			this.enqueue(event);
		} catch (error) {
			this.report("the sign-in ledger does not understand an event of the plugin", error);
		}
	}

	/** Resolves when everything recorded before is written, or could not be written. */
	async settled(): Promise<void> {
		await this.writing;
	}

	/** Writes the entries that wait, and tries once more where that failed before. */
	async close(): Promise<void> {
		await this.writing;
		if (this.queue.length > 0) {
			this.schedule();
			await this.writing;
		}
		await this.folding;
	}

	/** All entries since a time, newest first, even those that this node recorded a moment ago. */
	async since(from: number): Promise<SignInEntry[]> {
		await this.settled();
		const stored: StorageEntry[] = [];
		for await (const page of this.shelves.ofDaysSince(from)) {
			stored.push(...page);
		}
		return readableEntries(stored, STORED_SIGN_IN, this.report)
			.map(({ value }) => value)
			.filter(({ at }) => at >= from)
			.sort((a, b) => b.at - a.at);
	}

	/** Forgets a user who was deleted. Afterwards nothing in the ledger leads to their account at the provider. */
	async forget(userId: string): Promise<void> {
		await this.settled();
		const hashes = await this.subjects.close(userId, null);
		await this.settled();
		await this.erase(hashes);
		await this.subjects.drop(userId, hashes);
	}

	/** Moves the entries of a user who was merged into another. From now on they are erased with the other user's. */
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
		this.people.note(entry);
		this.queue.push({ entry, key: this.shelves.newKey(entry), userId: userOf(event), hashes });
		this.schedule();
	}

	private schedule(): void {
		if (!this.scheduled) {
			this.scheduled = true;
			this.writing = this.writing.then(() => this.writeQueued());
		}
	}

	private async writeQueued(): Promise<void> {
		// All attempts that end in this turn of the event loop go into one commit, after the visitors' answers.
		await nextTurn();
		this.scheduled = false;
		const batch = this.queue.splice(0);
		try {
			await this.write(batch);
		} catch (error) {
			this.queue.unshift(...batch);
			this.report(
				"the sign-in ledger could not write how log-ins ended; it tries again with the next one",
				error,
			);
			return;
		}
		if (this.dropped > 0) {
			this.report(
				"the sign-in ledger lost entries, because the storage was away for too long",
				this.dropped,
			);
			this.dropped = 0;
		}
		try {
			await this.shelves.trimAfter(batch.map(({ entry }) => entry));
		} catch (error) {
			this.report("the sign-in ledger could not delete its oldest entries", error);
		}
		this.folding = this.folding.then(() => this.fold());
	}

	/** Nothing waits for it but {@link close}: a day of many people takes a while. */
	private async fold(): Promise<void> {
		try {
			await this.people.foldWhenDue();
		} catch (error) {
			this.report("the people who logged in on a day could not be added up", error);
		}
	}

	private async write(batch: readonly Queued[]): Promise<void> {
		const users = new Set(batch.flatMap(({ userId }) => userId ?? []));
		const heirs = new Map<string, string | null>([...users].map((userId) => [userId, userId]));
		const deleted = new Set<string>();
		let isFirst = true;
		await updateEntry(this.storage, async () => {
			// A round fails because one of the users was deleted or merged.
			for (const userId of isFirst ? [] : users) {
				const heir = await this.heirOf(userId);
				heirs.set(userId, heir ?? null);
				if (heir === null) {
					deleted.add(userId);
				}
			}
			isFirst = false;
			return { commit: this.commitOf(batch, heirs), result: undefined };
		});
		const ofNobody = batch.filter(({ userId }) => userId !== null && deleted.has(userId));
		await this.erase(new Set(ofNobody.flatMap(({ hashes }) => hashes)));
	}

	/** Like {@link SignInSubjects.heirOf}; undefined where the stored heir cannot be read. */
	private async heirOf(userId: string): Promise<string | null | undefined> {
		try {
			return await this.subjects.heirOf(userId);
		} catch (error) {
			if (!(error instanceof UnreadableValueError)) {
				throw error;
			}
			this.report("the sign-in ledger does not know whose log-in it records", error);
			return undefined;
		}
	}

	private commitOf(
		batch: readonly Queued[],
		heirs: ReadonlyMap<string, string | null>,
	): StorageCommit {
		const claimed = new Map<string, Set<string>>();
		const entries = batch.map(({ entry, key, userId, hashes }) => {
			const heir = userId === null ? undefined : heirs.get(userId);
			if (heir != null) {
				claimed.set(heir, new Set([...(claimed.get(heir) ?? []), ...hashes]));
			}
			const value = heir === null ? { ...entry, who: null } : entry;
			return { key, value, expiresAt: entry.at + KEPT_MS };
		});
		const people = batch.map(({ entry, key, userId }) => {
			const isOfDeleted = userId !== null && heirs.get(userId) === null;
			// A deleted user counts without a hash, by what no other entry has.
			return { entry, who: isOfDeleted && entry.who !== null ? String(key.at(-1)) : entry.who };
		});
		const expiresAt = this.clock.now() + KEPT_MS;
		const claims = [...claimed].map(([userId, hashes]) =>
			this.subjects.claim(userId, [...hashes], expiresAt),
		);
		return {
			checks: claims.flatMap(({ checks }) => checks),
			sets: [...entries, ...claims.flatMap(({ sets }) => sets), ...this.people.setsOf(people)],
		};
	}

	private async erase(hashes: ReadonlySet<string>): Promise<void> {
		if (hashes.size === 0) {
			return;
		}
		await this.people.erase(hashes);
		for await (const page of this.shelves.all()) {
			for (const { key, value, version } of readableEntries(page, STORED_SIGN_IN, this.report)) {
				if (hashes.has(value.who ?? "")) {
					// Entries never change otherwise. Where the check fails, another node erased or deleted the entry.
					await this.storage.commit({
						checks: [{ key, version }],
						sets: [{ key, value: { ...value, who: null }, expiresAt: value.at + KEPT_MS }],
					});
				}
			}
		}
	}
}
