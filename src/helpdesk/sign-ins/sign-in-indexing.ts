import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "../../contract/clock.ts";
import type {
	HostStorage,
	StorageCommit,
	StorageEntry,
	StorageKey,
} from "../../contract/storage.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { type ReadEntry, readableEntries } from "../../storage/stored-value.ts";
import { inParallel } from "../in-parallel.ts";
import { type SignInEntry, STORED_SIGN_IN } from "./sign-in-entry.ts";
import { entryAt, type SignInIndex } from "./sign-in-index.ts";
import { BY_ACCOUNT, keySets } from "./sign-in-keys.ts";
import type { SignInShelves } from "./sign-in-shelves.ts";

/** How long after a look the next one begins, and how much earlier than the last look its entries begin. */
const AGAIN_MS = 60 * 60_000;
const STEP = 200;
/** Of 200 each: all entries of a full ledger in six runs. */
const LISTS_PER_RUN = 20;
/** Each has a check and up to two sets. */
const ADDED_AT_ONCE = 100;
const READS_AT_ONCE = 3;

/** One look through entries of the ledger, and how far it has come. */
interface Look {
	/** When it began. Milliseconds since the epoch. */
	readonly begunAt: number;
	/** The time of the oldest entries that it is about. */
	readonly from: number;
	/** The places that are left. The first one is read. */
	readonly places: StorageKey[];
	cursor: string | undefined;
	/** Whether it has found entries of an earlier version. */
	hasFound: boolean;
}

/**
 * Puts entries that an earlier version wrote into the index. An earlier version may run beside this one, so each process looks
 * for such entries once an hour. Where there are some, that version may also have erased accounts, which the index forgets
 * then. A process that ends in the middle has not noted the look, so the next one begins it again.
 */
export class SignInIndexing {
	private look: Look | undefined;
	/** When this process began to look last. */
	private begunAt = Number.NEGATIVE_INFINITY;

	constructor(
		private readonly storage: HostStorage,
		private readonly shelves: SignInShelves,
		private readonly index: SignInIndex,
		private readonly clock: Clock,
		private readonly report: (what: string, error: unknown) => void,
	) {}

	/** Looks through up to 4,000 entries. @returns how many were put into the index. */
	async run(): Promise<number> {
		this.look ??= await this.begin();
		let added = 0;
		for (let lists = 0; lists < LISTS_PER_RUN && this.look !== undefined; lists += 1) {
			added += await this.goOn(this.look);
			await nextTurn();
		}
		return added;
	}

	private async begin(): Promise<Look | undefined> {
		const now = this.clock.now();
		if (now - this.begunAt < AGAIN_MS) {
			return undefined;
		}
		const before = await this.index.lookedAt();
		this.begunAt = now;
		const from = before === undefined ? 0 : before - AGAIN_MS;
		const places = [...this.shelves.placesSince(from)];
		return { begunAt: now, from, places, cursor: undefined, hasFound: false };
	}

	private async goOn(look: Look): Promise<number> {
		const [place] = look.places;
		if (place === undefined) {
			await this.index.noteLook(look.begunAt);
			this.look = undefined;
			return 0;
		}
		const page = await this.storage.list(place, {
			limit: STEP,
			...(look.cursor !== undefined && { cursor: look.cursor }),
		});
		let added = 0;
		if (place === BY_ACCOUNT) {
			await this.dropLeftOver(page.entries);
		} else {
			added = await this.add(page.entries, look);
		}
		look.cursor = page.cursor;
		if (page.cursor === undefined) {
			look.places.shift();
			if (look.places.length === 0 && look.hasFound) {
				look.hasFound = false;
				look.places.push(BY_ACCOUNT);
			}
		}
		return added;
	}

	private async add(entries: readonly StorageEntry[], look: Look): Promise<number> {
		const missing = readableEntries(entries, STORED_SIGN_IN, this.report).filter(
			({ value }) => !value.isIndexed && value.at >= look.from,
		);
		look.hasFound ||= missing.length > 0;
		for (let first = 0; first < missing.length; first += ADDED_AT_ONCE) {
			const part = missing.slice(first, first + ADDED_AT_ONCE);
			const isDone = await this.storage.commit({
				checks: part.map(({ key, version }) => ({ key, version })),
				sets: part.flatMap(({ key, value }) => keySets(value, key)),
			});
			// One of them was deleted or erased meanwhile.
			for (const entry of isDone ? [] : part) {
				await this.addOne(entry);
			}
		}
		return missing.length;
	}

	private addOne({ key }: ReadEntry<SignInEntry>): Promise<void> {
		return updateEntry(this.storage, async () => {
			const entry = await this.storage.get(key);
			const value = entry && STORED_SIGN_IN.read(entry.value);
			const commit: StorageCommit | undefined = entry &&
				value && { checks: [{ key, version: entry.version }], sets: keySets(value, key) };
			return { commit, result: undefined };
		});
	}

	/** An erased entry never gets its account back, and a deleted one never comes again, so nothing has to be checked. */
	private async dropLeftOver(leading: readonly StorageEntry[]): Promise<void> {
		const left = await inParallel(leading, READS_AT_ONCE, async (each) => {
			const entry = await entryAt(this.storage, each);
			const value = entry && STORED_SIGN_IN.read(entry.value);
			const isKept = entry !== undefined && (value === undefined || value.who === each.key[1]);
			return isKept ? [] : [each.key];
		});
		const deletes = left.flat();
		if (deletes.length > 0) {
			await this.storage.commit({ deletes });
		}
	}
}
