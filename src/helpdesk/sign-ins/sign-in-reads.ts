import type { Clock } from "../../contract/clock.ts";
import type { HostStorage, StorageEntry } from "../../contract/storage.ts";
import { readableEntries } from "../../storage/stored-value.ts";
import { mergedNewestFirst } from "./newest-first.ts";
import { KEPT_MS, type SignInEntry, STORED_SIGN_IN, sameTraceCode } from "./sign-in-entry.ts";
import { newerFirst, newestOf } from "./sign-in-groups.ts";
import { SignInIndex, type SignInsWithCode } from "./sign-in-index.ts";
import type { SignInShelves } from "./sign-in-shelves.ts";
import type { SignInSubjects } from "./sign-in-subjects.ts";

/** More accounts at the provider than one user has, and lists that a page waits for. */
const MOST_ACCOUNTS = 20;

/** Reads the ledger: by time, by trace code and by account at the provider. */
export abstract class SignInReads {
	protected readonly index: SignInIndex;

	constructor(
		protected readonly storage: HostStorage,
		protected readonly subjects: SignInSubjects,
		protected readonly shelves: SignInShelves,
		protected readonly clock: Clock,
		protected readonly report: (what: string, error: unknown) => void,
	) {
		this.index = new SignInIndex(storage, report);
	}

	/** Resolves when everything recorded before can be read. */
	abstract settled(): Promise<void>;

	/** Whether a user who is still there has come in during the last 90 days. */
	async hasWorked(): Promise<boolean> {
		await this.settled();
		return this.subjects.hasAny();
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
			.sort(newerFirst);
	}

	/** The entries since a time, newest first, one after the other: never all of them are in memory. */
	async *newestFirst(from: number): AsyncGenerator<SignInEntry> {
		await this.settled();
		const lists = this.shelves.newestFirst(from).map((pages) => this.entriesIn(pages));
		for await (const entry of mergedNewestFirst(lists, ({ at }) => at)) {
			if (entry.at < from) {
				return;
			}
			yield entry;
		}
	}

	/**
	 * The newest entries with a trace code, and how many there are. It reads no others, and of many only some hundred keys.
	 * Until the entries of an earlier version are in the index, it reads the whole ledger.
	 *
	 * @param typed the code, in any spelling.
	 * @param most how many are returned, newest first.
	 */
	async withCode(typed: string, most: number): Promise<SignInsWithCode> {
		await this.settled();
		const code = sameTraceCode(typed);
		if (code === "") {
			return { newest: [], count: 0, isPartial: false };
		}
		if (await this.index.isReady()) {
			return this.index.withCode(code, most);
		}
		const groups = await newestOf(
			this.entriesIn(this.shelves.ofDaysSince(0)),
			({ traceCode }) => (sameTraceCode(traceCode) === code ? code : undefined),
			most,
		);
		return { newest: [], count: 0, ...groups.get(code), isPartial: false };
	}

	/**
	 * The newest entries of each of some accounts at the provider, newest first. It reads no others. Until the entries of an
	 * earlier version are in the index, it reads the whole ledger.
	 *
	 * @param accounts see {@link SignInEntry.who}.
	 * @param most how many of each are returned.
	 */
	async ofEachAccount(
		accounts: ReadonlySet<string>,
		most: number,
	): Promise<ReadonlyMap<string, readonly SignInEntry[]>> {
		await this.settled();
		const found = new Map<string, readonly SignInEntry[]>();
		if (accounts.size === 0 || (await this.index.isReady())) {
			for (const who of accounts) {
				found.set(who, await this.index.ofAccounts([who], most));
			}
			return found;
		}
		const named = ({ who }: SignInEntry) => (who !== null && accounts.has(who) ? who : undefined);
		const pages = this.entriesIn(this.shelves.ofDaysSince(0));
		for (const [who, { newest }] of await newestOf(pages, named, most)) {
			found.set(who, newest);
		}
		return found;
	}

	/**
	 * The newest attempts of a user, newest first, by the accounts with which the user came in last. Until the entries of an
	 * earlier version are in the index, it looks at up to 44 lists of a ledger of more than 500 attempts, from the day of the
	 * user's last log-in back, so that it may leave out old ones.
	 */
	async entriesOfUser(userId: string, most: number): Promise<readonly SignInEntry[]> {
		await this.settled();
		const hashes = await this.subjects.of(userId);
		if (hashes.size === 0) {
			return [];
		}
		const timeOf = (at: number | null): number => at ?? Number.POSITIVE_INFINITY;
		if (await this.index.isReady()) {
			const newest = [...hashes].sort(([, one], [, other]) => timeOf(other) - timeOf(one));
			const accounts = newest.slice(0, MOST_ACCOUNTS).map(([who]) => who);
			return (await this.index.ofAccounts(accounts, most)).filter(({ wanted }) => wanted !== null);
		}
		const times = [...hashes.values()].map(timeOf);
		const until = Math.min(Math.max(...times), this.clock.now() + KEPT_MS);
		const found: SignInEntry[] = [];
		for await (const entries of this.entriesIn(this.shelves.attemptsByDay(until))) {
			found.push(...entries.filter(({ who }) => who !== null && hashes.has(who)).sort(newerFirst));
			if (found.length >= most) {
				break;
			}
		}
		return found.slice(0, most);
	}

	/** The accounts at the provider with which a user came in, see {@link SignInEntry.who}. */
	async accountsOf(userId: string): Promise<readonly string[]> {
		await this.settled();
		return [...(await this.subjects.of(userId)).keys()];
	}

	/** The entries that can be read, of pages of the storage. */
	private async *entriesIn(
		pages: AsyncIterable<readonly StorageEntry[]>,
	): AsyncGenerator<readonly SignInEntry[]> {
		for await (const page of pages) {
			yield readableEntries(page, STORED_SIGN_IN, this.report).map(({ value }) => value);
		}
	}
}
