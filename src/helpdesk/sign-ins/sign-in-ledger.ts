import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "../../contract/clock.ts";
import type { PluginEvent } from "../../contract/events.ts";
import type { HostStorage } from "../../contract/storage.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { readableEntries, UnreadableValueError } from "../../storage/stored-value.ts";
import type { AttemptNotes } from "./attempt-notes.ts";
import type { PeopleByDay } from "./people-by-day.ts";
import { commitOf, later, partsOf, type Queued } from "./queued-entries.ts";
import { KEPT_MS, STORED_SIGN_IN, signInEntry, userOf } from "./sign-in-entry.ts";
import { SignInIndexing } from "./sign-in-indexing.ts";
import { keysFromAccount } from "./sign-in-keys.ts";
import { SignInReads } from "./sign-in-reads.ts";
import { type LedgerLimits, SignInShelves } from "./sign-in-shelves.ts";
import type { SignInSubjects } from "./sign-in-subjects.ts";

/** How many lists of people, of 200 each, the deletion of one user waits for. */
const MOST_LISTS = 100;
/** How many entries wait to be written while the storage is slow or away. Further ones are dropped and counted. */
const MAX_QUEUED = 1000;

/** Keeps how attempts to log in ended, for 90 days. It takes the plugin's events, and no log-in waits for it. */
export class SignInLedger extends SignInReads {
	private queue: Queued[] = [];
	private dropped = 0;
	private scheduled = false;
	private writing: Promise<void> = Promise.resolve();
	private folding: Promise<void> = Promise.resolve();
	private readonly indexing: SignInIndexing;

	/** @param report called when entries could not be written, trimmed or read. */
	constructor(
		storage: HostStorage,
		subjects: SignInSubjects,
		private readonly people: PeopleByDay,
		private readonly attempts: AttemptNotes,
		clock: Clock,
		report: (what: string, error: unknown) => void,
		limits?: LedgerLimits,
	) {
		super(storage, subjects, new SignInShelves(storage, clock, limits), clock, report);
		this.indexing = new SignInIndexing(storage, this.shelves, this.index, clock, report);
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
	override async settled(): Promise<void> {
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

	/**
	 * Forgets a user who was deleted. Afterwards nothing in the ledger leads to their account at the provider. Where tens of
	 * thousands of people have logged in since a day that is not added up, {@link eraseNoted} does the rest.
	 */
	async forget(userId: string): Promise<void> {
		await this.settled();
		const hashes = await this.subjects.close(userId, null);
		await this.settled();
		if (await this.erase(new Set(hashes.keys()), MOST_LISTS)) {
			await this.subjects.drop(userId, hashes.keys());
		} else {
			await this.subjects.noteToErase(userId, hashes.keys());
		}
	}

	/**
	 * Like {@link forget}, for many users: nothing leads from the user to the hashes of their entries any more. The entries
	 * have them until {@link eraseNoted}.
	 */
	async forgetLater(userId: string): Promise<void> {
		await this.settled();
		const hashes = await this.subjects.close(userId, null);
		await this.settled();
		await this.subjects.noteToErase(userId, hashes.keys());
	}

	/**
	 * Erases the hashes of up to 10,000 users whom {@link forgetLater} noted, in one pass through the ledger. After a crash
	 * the next call does the same again.
	 *
	 * @returns how many hashes were erased.
	 */
	async eraseNoted(): Promise<number> {
		const hashes = await this.subjects.toErase();
		await this.erase(hashes);
		await this.subjects.erased(hashes);
		return hashes.size;
	}

	/**
	 * Makes up to 4,000 entries of an earlier version findable by their code and account.
	 *
	 * @returns how many were not.
	 */
	async indexSome(): Promise<number> {
		await this.settled();
		return this.indexing.run();
	}

	/** Moves the entries of a user who was merged into another. From now on they are erased with the other user's. */
	async move(userId: string, intoUserId: string): Promise<void> {
		await this.settled();
		const hashes = await this.subjects.close(userId, intoUserId);
		for (const [hash, at] of await this.subjects.of(intoUserId)) {
			if (hashes.has(hash)) {
				hashes.set(hash, later(hashes.get(hash), at));
			}
		}
		const expiresAt = this.clock.now() + KEPT_MS;
		await this.storage.commit({ sets: this.subjects.claim(intoUserId, hashes, expiresAt).sets });
		await this.subjects.drop(userId, hashes.keys());
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
		const waiting = partsOf(batch);
		try {
			for (let part = waiting.at(0); part !== undefined; part = waiting.at(0)) {
				await this.write(part);
				waiting.shift();
			}
		} catch (error) {
			this.queue.unshift(...waiting.flat());
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
		const { subjects, people, attempts, clock } = this;
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
			return {
				commit: commitOf(batch, heirs, { subjects, people, attempts }, clock.now()),
				result: undefined,
			};
		});
		attempts.written();
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

	/**
	 * @param mostLists see {@link PeopleByDay.erase}.
	 * @returns whether it has looked at everything.
	 */
	private async erase(hashes: ReadonlySet<string>, mostLists?: number): Promise<boolean> {
		if (hashes.size === 0) {
			return true;
		}
		const isDone = await this.people.erase(hashes, mostLists);
		for await (const page of this.shelves.inSteps()) {
			for (const { key, value, version } of readableEntries(page, STORED_SIGN_IN, this.report)) {
				if (hashes.has(value.who ?? "")) {
					// Entries never change otherwise. Where the check fails, another node erased or deleted the entry.
					await this.storage.commit({
						checks: [{ key, version }],
						sets: [{ key, value: { ...value, who: null }, expiresAt: value.at + KEPT_MS }],
						deletes: keysFromAccount(value, key),
					});
				}
			}
		}
		return isDone;
	}
}
