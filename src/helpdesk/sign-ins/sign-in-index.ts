import type {
	HostStorage,
	StorageCommit,
	StorageEntry,
	StorageKey,
} from "../../contract/storage.ts";
import { fieldsOf, isTime, readableEntries, readTexts } from "../../storage/stored-value.ts";
import { inParallel } from "../in-parallel.ts";
import { KEPT_MS, type SignInEntry, STORED_SIGN_IN, sameTraceCode } from "./sign-in-entry.ts";
import type { SignInGroup } from "./sign-in-groups.ts";
import { byAccountKeys, byCodeKeys, ENTRIES } from "./sign-in-keys.ts";

const STATE: StorageKey = ["state", "index"];
/** The most entries with one code that are counted. */
const MOST_COUNTED = 500;
const READS_AT_ONCE = 10;

/** Entries with one trace code. */
export interface SignInsWithCode extends SignInGroup {
	/** Whether there are more than were counted. */
	readonly isPartial: boolean;
}

/** Finds entries by their trace code and by their account at the provider, without reading any others. */
export class SignInIndex {
	private isKnownReady = false;

	/** @param report called for entries that cannot be read and are left out. */
	constructor(
		private readonly storage: HostStorage,
		private readonly report: (what: string, error: unknown) => void,
	) {}

	/** Whether something leads to every entry, also to those that an earlier version wrote before the last look. */
	async isReady(): Promise<boolean> {
		this.isKnownReady ||= (await this.lookedAt()) !== undefined;
		return this.isKnownReady;
	}

	/** When the last look for entries of an earlier version began; undefined where none has come to its end. */
	async lookedAt(): Promise<number | undefined> {
		const at = fieldsOf((await this.storage.get(STATE))?.value)["lookedAt"];
		return isTime(at) ? at : undefined;
	}

	/** @param begunAt when a look began that has come to its end. Milliseconds since the epoch. */
	async noteLook(begunAt: number): Promise<void> {
		await this.storage.commit({ sets: [lookSet(begunAt)] });
	}

	/**
	 * @param code see {@link sameTraceCode}.
	 * @param most how many entries are returned, newest first.
	 */
	async withCode(code: string, most: number): Promise<SignInsWithCode> {
		const page = await this.storage.list(byCodeKeys(code), { limit: MOST_COUNTED });
		const { found, lost } = await this.read(
			page.entries,
			({ traceCode }) => sameTraceCode(traceCode) === code,
			most,
		);
		return {
			newest: found,
			count: page.entries.length - lost,
			isPartial: page.cursor !== undefined,
		};
	}

	/** The newest entries of accounts at the provider, newest first. */
	async ofAccounts(accounts: readonly string[], most: number): Promise<readonly SignInEntry[]> {
		const pages = await inParallel(accounts, READS_AT_ONCE, (who) =>
			this.storage.list(byAccountKeys(who), { limit: most }),
		);
		const newestFirst = pages
			.flatMap(({ entries }) => entries)
			.sort((one, other) => (String(one.key.at(-1)) < String(other.key.at(-1)) ? -1 : 1));
		const isMeant = ({ who }: SignInEntry): boolean => who !== null && accounts.includes(who);
		return (await this.read(newestFirst, isMeant, most)).found;
	}

	/**
	 * Reads the entries that keys lead to, until there are enough.
	 *
	 * @returns the entries, and how many of the keys led to none. Earlier versions leave such keys when they delete an entry or
	 * erase its account.
	 */
	private async read(
		leading: readonly StorageEntry[],
		isMeant: (entry: SignInEntry) => boolean,
		most: number,
	): Promise<{ readonly found: readonly SignInEntry[]; readonly lost: number }> {
		const found: SignInEntry[] = [];
		let lost = 0;
		for (let first = 0; first < leading.length && found.length < most; first += READS_AT_ONCE) {
			const some = leading.slice(first, first + READS_AT_ONCE);
			const entries = await inParallel(some, READS_AT_ONCE, (each) => entryAt(this.storage, each));
			const there = entries.filter((entry) => entry !== undefined);
			const meant = readableEntries(there, STORED_SIGN_IN, this.report)
				.map(({ value }) => value)
				.filter(isMeant);
			found.push(...meant);
			lost += some.length - meant.length;
		}
		return { found: found.slice(0, most), lost };
	}
}

/** The set that notes a look through the entries. It expires with the newest of them. @param begunAt when the look began. */
export function lookSet(begunAt: number): NonNullable<StorageCommit["sets"]>[number] {
	return { key: STATE, value: { lookedAt: begunAt }, expiresAt: begunAt + KEPT_MS };
}

/** The entry that a key leads to. */
export async function entryAt(
	storage: HostStorage,
	{ value }: Pick<StorageEntry, "value">,
): Promise<StorageEntry | undefined> {
	const place = readTexts(value);
	return place === undefined ? undefined : storage.get([...ENTRIES, ...place]);
}
