import type { StorageEntry, StorageKey } from "../../contract/storage.ts";
import type { OrderedStorage } from "../../storage/ordered-storage.ts";
import { unknownCursor } from "../../storage/page-range.ts";
import { readableEntries } from "../../storage/stored-value.ts";
import { inParallel } from "../in-parallel.ts";
import { indexKeys } from "./account-index.ts";
import type { AccountRecords } from "./account-records.ts";
import {
	type Account,
	accountKey,
	accountOf,
	STORED_ACCOUNT,
	type StoredAccount,
} from "./stored-account.ts";

/** A page of a list or of a search. */
export interface FoundPeople {
	readonly accounts: readonly Account[];
	/** The cursor of the next page; undefined on the last one. */
	readonly next: string | undefined;
	/** The page stopped looking before it was full. */
	readonly isPartial: boolean;
}

type Report = (what: string, error: unknown) => void;

/** Keys of the index, in the order in which a list shows their accounts. */
export interface Scanned {
	readonly prefix: StorageKey;
	readonly startsWith?: string;
}

export interface Scan {
	/** Which index it is. A cursor of another one leads nowhere here. */
	readonly kind: "all" | "newest" | "class" | "word";
	readonly lists: readonly Scanned[];
	readonly isWanted: (found: Found) => boolean;
	readonly limit: number;
}

/** An account, and the key that led to it. */
export interface Found {
	readonly key: StorageKey;
	readonly userId: string;
	readonly stored: StoredAccount;
}

/** Where a page begins. */
interface Place {
	readonly list: number;
	readonly cursor: string | undefined;
}

/** The most keys that one page looks at. */
const MOST_LOOKED_AT = 200;
const HITS_PER_LIST = 100;
const READS_AT_ONCE = 10;
const CURSOR = /^(all|newest|class|word)-(\d{1,4})-(.*)$/s;

/** Reads the accounts that keys of the index lead to, a page at a time, and deletes keys that lead nowhere. */
export class IndexScan {
	constructor(
		private readonly storage: OrderedStorage,
		private readonly records: AccountRecords,
		private readonly report: Report,
	) {}

	/**
	 * @param cursor that of the page before. Left out: the first page.
	 * @param report called in place of the one of the constructor.
	 * @throws TypeError for a text that is no cursor of this scan.
	 */
	async page(scan: Scan, cursor: string | undefined, report = this.report): Promise<FoundPeople> {
		const found: Found[] = [];
		let place: Place | undefined = readCursor(scan, cursor);
		let looked = 0;
		while (place !== undefined && found.length < scan.limit && looked < MOST_LOOKED_AT) {
			const most =
				scan.kind === "word" ? HITS_PER_LIST : Math.min(scan.limit - found.length, HITS_PER_LIST);
			const look = await this.look(scan, place, Math.min(most, MOST_LOOKED_AT - looked));
			const { entries } = look;
			let read = 0;
			while (read < entries.length && found.length < scan.limit) {
				const batch = entries.slice(read, read + READS_AT_ONCE);
				const readable = await this.readable(scan, batch, report);
				const wanted = readable.filter(scan.isWanted).slice(0, scan.limit - found.length);
				found.push(...wanted);
				const last = wanted.at(-1);
				const isFull = found.length === scan.limit && last !== undefined;
				read += isFull ? batch.findIndex(({ key }) => key === last.key) + 1 : batch.length;
			}
			looked += read;
			place = read < entries.length ? await this.placeAfter(scan, place, entries, read) : look.next;
		}
		return {
			accounts: found.map(({ userId, stored }) => accountOf(userId, stored)),
			next: place && `${scan.kind}-${place.list}-${place.cursor ?? ""}`,
			isPartial: place !== undefined && found.length < scan.limit,
		};
	}

	private async look(
		{ lists }: Scan,
		{ list, cursor }: Place,
		limit: number,
	): Promise<{ readonly entries: readonly StorageEntry[]; readonly next: Place | undefined }> {
		const { prefix, startsWith } = lists[list] ?? { prefix: accountKey() };
		const page = await this.storage.list(prefix, {
			limit,
			...(cursor !== undefined && { cursor }),
			...(startsWith !== undefined && { startsWith }),
		});
		const following = list + 1 < lists.length ? { list: list + 1, cursor: undefined } : undefined;
		return {
			entries: page.entries,
			next: page.cursor === undefined ? following : { list, cursor: page.cursor },
		};
	}

	/** The place behind the entries that a page has shown: a storage's cursors lead only behind whole pages. */
	private async placeAfter(
		scan: Scan,
		place: Place,
		entries: readonly StorageEntry[],
		read: number,
	): Promise<Place | undefined> {
		const shown = new Set(entries.slice(0, read).map(({ key }) => key.join("/")));
		for (let limit = read; limit > 0; limit -= 1) {
			const again = await this.look(scan, place, limit);
			if (again.entries.every(({ key }) => shown.has(key.join("/")))) {
				return again.next;
			}
		}
		return place;
	}

	/** The accounts that keys of an index lead to. A key that leads to no account with this key is deleted. */
	private async readable(
		scan: Scan,
		hits: readonly StorageEntry[],
		report: Report,
	): Promise<readonly Found[]> {
		if (scan.kind === "all") {
			return readableEntries(hits, STORED_ACCOUNT, report).map(foundAt);
		}
		const entries = await inParallel(hits, READS_AT_ONCE, ({ key }) =>
			this.storage.get(accountKey(userIdOf(key))),
		);
		const there = entries.filter((entry) => entry !== undefined);
		const accounts = new Map(
			readableEntries(there, STORED_ACCOUNT, report).map((entry) => [
				userIdOf(entry.key),
				foundAt(entry),
			]),
		);
		const found: Found[] = [];
		for (const [index, { key }] of hits.entries()) {
			const entry = entries[index];
			const account = accounts.get(userIdOf(key));
			if (account !== undefined && hasKey(account, key)) {
				found.push({ ...account, key });
			} else if (entry === undefined || account !== undefined) {
				await this.dropStray(key, entry?.version ?? null);
			}
		}
		return found;
	}

	/** Deletes a key that an earlier version left behind when it changed or deleted the account. */
	private async dropStray(key: StorageKey, version: string | null): Promise<void> {
		const account = accountKey(userIdOf(key));
		await this.storage.commit({ checks: [{ key: account, version }], deletes: [key] });
		if (version !== null) {
			await this.records.indexAgain(userIdOf(key));
		}
	}
}

function foundAt({
	key,
	value,
}: {
	readonly key: StorageKey;
	readonly value: StoredAccount;
}): Found {
	return { key, userId: userIdOf(key), stored: value };
}

function userIdOf(key: StorageKey): string {
	return String(key.at(-1));
}

function hasKey({ userId, stored }: Found, key: StorageKey): boolean {
	const wanted = key.join("/");
	return indexKeys(userId, stored).some((each) => each.join("/") === wanted);
}

/** @throws TypeError for a text that is no cursor of this scan. */
function readCursor({ kind, lists }: Scan, cursor: string | undefined): Place | undefined {
	if (cursor === undefined) {
		return lists.length === 0 ? undefined : { list: 0, cursor: undefined };
	}
	const [, ofKind, list, behind] = CURSOR.exec(cursor) ?? [];
	if (ofKind !== kind || Number(list) >= lists.length) {
		throw unknownCursor();
	}
	return { list: Number(list), cursor: behind === "" ? undefined : behind };
}
