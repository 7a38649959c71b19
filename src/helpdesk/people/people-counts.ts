import type {
	HostStorage,
	StorageCommit,
	StorageEntry,
	StorageKey,
} from "../../contract/storage.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import {
	fieldsOf,
	orUnreadable,
	readEntry,
	readFields,
	readOrReport,
	readTexts,
	type StoredKind,
	UnreadableValueError,
} from "../../storage/stored-value.ts";
import { inParallel } from "../in-parallel.ts";
import { countDueKey } from "./account-index.ts";
import { type CountName, countNames } from "./count-names.ts";
import { isIndexReady } from "./index-state.ts";
import { accountKey, STORED_ACCOUNT } from "./stored-account.ts";

export type { CountName };

/** How many people of a brand there are. */
export interface BrandCounts {
	readonly of: (name: CountName) => number;
	/** False: changes of the last seconds are not counted yet. */
	readonly isExact: boolean;
	/** False: people of an earlier version are not counted yet, or everybody is being counted again. */
	readonly isReady: boolean;
}

/** In which counts a user is. */
export type Counted = { readonly brandId: string; readonly names: readonly string[] };

/** How often each count's name is in the {@link Counted} of a brand. */
export type Totals = Readonly<Record<string, number>>;

type Report = (what: string, error: unknown) => void;

/** Users whose counts change in one commit: with checks and totals about 200 keys. */
const USERS_PER_FOLD = 40;
const READS_AT_ONCE = 10;
/** Folds before a page reads: so that pages of small helpdesks are exact, and those of large ones do not wait. */
const FOLDS_PER_READ = 2;
/** The record of a recount that is under way. Folds wait for it. */
export const COUNTS_STATE: StorageKey = ["state", "counts"];

export const COUNTED: StoredKind<Counted> = {
	name: "accounts/counted",
	read: (value) => {
		const { brandId, ...fields } = fieldsOf(value);
		const names = readTexts(fields["names"]);
		return typeof brandId === "string" && names ? { brandId, names } : undefined;
	},
};

const TOTAL: StoredKind<{ readonly counts: Totals }> = {
	name: "accounts/total",
	read: (value) => {
		const counts = readFields(fieldsOf(value)["counts"], (count) =>
			typeof count === "number" ? count : undefined,
		);
		return counts && { counts };
	},
};

/** The recount that is under way, and the version of its record. One that cannot be read is nobody's. */
export async function readHold(
	storage: HostStorage,
): Promise<{ readonly by: string; readonly version: string } | undefined> {
	const entry = await storage.get(COUNTS_STATE);
	const by = fieldsOf(entry?.value)["by"];
	return entry && { by: typeof by === "string" ? by : "", version: entry.version };
}

export function countedKey(...userId: [] | [string]): StorageKey {
	return ["counted", ...userId];
}

export function totalKey(...brandId: [] | [string]): StorageKey {
	return ["total", ...brandId];
}

/** A user with a note, as a fold reads them. */
interface Due {
	readonly userId: string;
	readonly account: StorageEntry | undefined;
	readonly entry: StorageEntry | undefined;
	readonly before: Counted | undefined;
	readonly after: Counted | undefined;
}

/**
 * How many people there are, by brand. Commits of accounts leave a note each; a fold works the notes off, and is the only
 * one that writes counts. So no log-in waits for a count, and what is counted is always the sum of what was counted for
 * each user.
 */
export class PeopleCounts {
	/** @param storage that of the accounts. @param report called for values that cannot be read. */
	constructor(
		private readonly storage: HostStorage,
		private readonly report: Report,
	) {}

	/** The counts of a brand. Works off some notes first. */
	async at(brandId: string): Promise<BrandCounts> {
		const isCounting = (await this.storage.get(COUNTS_STATE)) !== undefined;
		await this.foldSome();
		const [due, total, isReady] = await Promise.all([
			this.storage.list(countDueKey(), { limit: 1 }),
			this.storage.get(totalKey(brandId)),
			isIndexReady(this.storage),
		]);
		const known =
			total && readOrReport(total, TOTAL, (error) => this.report("a count cannot be read", error));
		const counts = known?.counts ?? {};
		return {
			of: (name) => counts[name] ?? 0,
			isExact: due.entries.length === 0,
			isReady: isReady && !isCounting && (total === undefined || known !== undefined),
		};
	}

	/** The job that counts everybody again; undefined: none does. */
	async recountedBy(): Promise<string | undefined> {
		return (await readHold(this.storage))?.by;
	}

	/** Lets folds go on when a recount ended without its last step. Another recount keeps its hold. */
	async release(jobId: string): Promise<void> {
		const hold = await readHold(this.storage);
		if (hold?.by === jobId) {
			const { version } = hold;
			await this.storage.commit({
				checks: [{ key: COUNTS_STATE, version }],
				deletes: [COUNTS_STATE],
			});
		}
	}

	/** A count that cannot be read must not keep a page from the others. */
	private async foldSome(): Promise<void> {
		for (let folds = 0; folds < FOLDS_PER_READ; folds += 1) {
			const folded = await orUnreadable(() => this.fold());
			if (folded instanceof UnreadableValueError) {
				this.report("people are not counted", folded);
				return;
			}
			if (folded < USERS_PER_FOLD) {
				return;
			}
		}
	}

	/**
	 * Works off up to 40 notes, in one commit.
	 *
	 * @returns how many notes; 0 when there are none, or a recount is under way.
	 * @throws UnreadableValueError for a total that cannot be read. A recount writes it again.
	 */
	async fold(): Promise<number> {
		return updateEntry(this.storage, async () => {
			const state = await this.storage.get(COUNTS_STATE);
			const due = state === undefined ? await this.due() : [];
			return due.length === 0
				? { result: 0 }
				: { commit: await this.commitOf(due), result: due.length };
		});
	}

	/** The next notes with what they are about. A user whose own count cannot be read stays for a recount. */
	private async due(): Promise<readonly Due[]> {
		let cursor: string | undefined;
		do {
			const page = await this.storage.list(countDueKey(), {
				limit: USERS_PER_FOLD,
				...(cursor !== undefined && { cursor }),
			});
			const read = await inParallel(page.entries, READS_AT_ONCE, ({ key }) =>
				this.dueOf(String(key.at(-1))),
			);
			const readable = read.filter((each) => each !== undefined);
			if (readable.length > 0) {
				return readable;
			}
			cursor = page.cursor;
		} while (cursor !== undefined);
		return [];
	}

	private async dueOf(userId: string): Promise<Due | undefined> {
		const [account, entry] = [
			await this.storage.get(accountKey(userId)),
			await this.storage.get(countedKey(userId)),
		];
		const report = (error: unknown): void => this.report("a user is not counted", error);
		const stored = account && readOrReport(account, STORED_ACCOUNT, report);
		const before = entry && readOrReport(entry, COUNTED, report);
		const after = stored && { brandId: stored.brandId, names: countNames(userId, stored) };
		return entry !== undefined && before === undefined
			? undefined
			: { userId, account, entry, before, after };
	}

	private async commitOf(due: readonly Due[]): Promise<StorageCommit> {
		const changes = new Map<string, Map<string, number>>();
		for (const { before, after } of due) {
			add(changes, before, -1);
			add(changes, after, 1);
		}
		const brandIds = [...changes.keys()];
		const totals = await inParallel(brandIds, READS_AT_ONCE, (brandId) =>
			this.storage.get(totalKey(brandId)),
		);
		return {
			checks: [
				{ key: COUNTS_STATE, version: null },
				...due.flatMap(({ userId, account, entry }) => [
					{ key: accountKey(userId), version: account?.version ?? null },
					{ key: countedKey(userId), version: entry?.version ?? null },
				]),
				...brandIds.map((brandId, index) => ({
					key: totalKey(brandId),
					version: totals[index]?.version ?? null,
				})),
			],
			sets: [
				...due.flatMap(({ userId, after }) =>
					after === undefined ? [] : [{ key: countedKey(userId), value: after }],
				),
				...brandIds.map((brandId, index) =>
					totalSet(brandId, totals[index], changes.get(brandId) ?? new Map()),
				),
			],
			deletes: due.flatMap(({ userId, entry, after }) => [
				countDueKey(userId),
				...(entry !== undefined && after === undefined ? [countedKey(userId)] : []),
			]),
		};
	}
}

/** Adds a user to the changes of a brand's counts, or takes them out. */
export function add(
	totals: Map<string, Map<string, number>>,
	counted: Counted | undefined,
	by: 1 | -1,
): void {
	if (counted === undefined) {
		return;
	}
	const { brandId, names } = counted;
	const ofBrand = totals.get(brandId) ?? new Map<string, number>();
	totals.set(brandId, ofBrand);
	for (const name of names) {
		ofBrand.set(name, (ofBrand.get(name) ?? 0) + by);
	}
}

function totalSet(
	brandId: string,
	entry: StorageEntry | undefined,
	changes: ReadonlyMap<string, number>,
): NonNullable<StorageCommit["sets"]>[number] {
	const counts = { ...(entry && readEntry(entry, TOTAL).counts) };
	for (const [name, by] of changes) {
		counts[name] = (counts[name] ?? 0) + by;
	}
	return totalOf(brandId, counts);
}

/** The record of a brand's counts. Nobody is in a count that it leaves out. */
export function totalOf(
	brandId: string,
	counts: Totals,
): NonNullable<StorageCommit["sets"]>[number] {
	const some = Object.entries(counts).filter(([, count]) => count !== 0);
	return { key: totalKey(brandId), value: { counts: Object.fromEntries(some) } };
}
