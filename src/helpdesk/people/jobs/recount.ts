import type { HostStorage, StorageCommit, StorageEntry } from "../../../contract/storage.ts";
import { merged } from "../../../storage/merged-commit.ts";
import { namespaced } from "../../../storage/namespaced-storage.ts";
import { placed } from "../../../storage/ordered-storage.ts";
import { fieldsOf, type StoredKind } from "../../../storage/stored-value.ts";
import { inParallel } from "../../in-parallel.ts";
import { type JobKind, jobKind, type StepEnd, type StepStart } from "../../jobs/job-kind.ts";
import { NAMESPACES } from "../../namespaces.ts";
import { countDueKey, indexKeys, isIndexed, wholeIndexPart } from "../account-index.ts";
import { countNames } from "../count-names.ts";
import { isIndexReady } from "../index-state.ts";
import { linksNote } from "../links-due.ts";
import {
	add,
	COUNTED,
	COUNTS_STATE,
	type Counted,
	countedKey,
	readHold,
	totalKey,
	totalOf,
} from "../people-counts.ts";
import { accountKey, STORED_ACCOUNT, type StoredAccount } from "../stored-account.ts";
import { LeftOverKeys } from "./left-over-keys.ts";
import {
	mapsOf,
	RECOUNT_POSITION,
	type RecountPosition,
	recordsOf,
	START,
} from "./recount-position.ts";

/** The type of the job, and the name by which only one is under way. */
export const RECOUNT = "recount";

/** Each of them may need 21 keys in the commit. */
const USERS_PER_STEP = 17;
const COUNTED_PER_STEP = 200;
const READS_AT_ONCE = 3;

const NOTHING: StoredKind<null> = {
	name: "jobs/job recount",
	read: (value) => (value === null ? value : undefined),
};

/**
 * Counts everybody again, writes the index of each account that lacks a key of it, and deletes keys that lead to nobody.
 * Folds wait until everybody is counted, and then work off what changed. Each step is one commit.
 *
 * @param storage the whole storage.
 * @param report called for accounts that cannot be read. They are counted nowhere.
 */
export function recountKind(
	storage: HostStorage,
	report: (what: string, error: unknown) => void,
): JobKind {
	const recount = new Recount(namespaced(storage, NAMESPACES.accounts), report);
	return jobKind<null, RecountPosition>({
		type: RECOUNT,
		params: NOTHING,
		position: RECOUNT_POSITION,
		exclusive: () => "counts",
		begin: async () => ({ position: START, total: null }),
		step: async (at) => {
			const { commit = {}, ...end } = await recount.step(at);
			return { ...end, commit: placed(NAMESPACES.accounts, commit) };
		},
		undo: async () => recount.letGo(),
		words: () => ({ title: { key: "job.recount" }, unit: "people" }),
		outcome: (result) => {
			const { missing, miscounted, leftOver = 0 } = fieldsOf(result);
			const counts = Object.entries({ missing, miscounted, leftOver });
			const values = Object.fromEntries(counts.map(([name, count]) => [name, Number(count)]));
			return { key: "job.recount.outcome", values };
		},
	});
}

class Recount {
	private readonly leftOver: LeftOverKeys;

	constructor(
		/** That of the accounts. */
		private readonly storage: HostStorage,
		private readonly report: (what: string, error: unknown) => void,
	) {
		this.leftOver = new LeftOverKeys(storage);
	}

	async step({
		jobId,
		position,
	}: StepStart<null, RecountPosition>): Promise<StepEnd<RecountPosition>> {
		switch (position.stage) {
			case "hold":
				return {
					position: { ...START, stage: "walk" },
					done: 0,
					commit: { sets: [{ key: COUNTS_STATE, value: { by: jobId } }] },
					isEnd: false,
				};
			case "walk":
				return this.walk(position);
			case "sum":
				return this.sum(jobId, position);
			case "left-over":
				return this.dropLeftOver(position);
		}
	}

	async letGo(): Promise<void> {
		await this.storage.commit({ deletes: [COUNTS_STATE] });
	}

	/** Compares accounts and what was counted for them, both in the order of users. */
	private async walk(position: RecountPosition): Promise<StepEnd<RecountPosition>> {
		const [accounts, counted] = await Promise.all([
			this.page(accountKey()[0] ?? "", position.accounts, position.after),
			this.page(countedKey()[0] ?? "", position.counted, position.after),
		]);
		const last = first(accounts.last, counted.last);
		const upTo = (users: ReadonlyMap<string, StorageEntry>): readonly string[] =>
			[...users.keys()].filter((userId) => last === undefined || userId <= last);
		const users = new Set([...upTo(accounts.users), ...upTo(counted.users)]);
		// Until then the job that builds the index brings the links.
		const asksForLinks = await isIndexReady(this.storage);
		const looks = await inParallel([...users], READS_AT_ONCE, (userId) =>
			this.look(userId, accounts.users.get(userId), counted.users.get(userId)),
		);
		const done = position.done + upTo(accounts.users).length;
		return {
			position: {
				...position,
				stage: last === undefined ? "sum" : "walk",
				accounts: last === undefined ? null : accounts.cursorAfter(last),
				counted: last === undefined ? null : counted.cursorAfter(last),
				after: last !== undefined && last > position.after ? last : position.after,
				done,
				missing: position.missing + looks.filter(({ isMissing }) => isMissing).length,
				miscounted: position.miscounted + looks.filter(({ isMiscounted }) => isMiscounted).length,
			},
			done,
			commit: merged(
				...looks.map(({ commit }) => commit),
				asksForLinks ? { sets: looks.flatMap(({ linksDue }) => linksDue) } : {},
			),
			isEnd: false,
		};
	}

	private async page(kind: string, cursor: string | null, after: string) {
		const page = await this.storage.list([kind], {
			limit: USERS_PER_STEP,
			...(cursor !== null && { cursor }),
		});
		const all = page.entries.map((entry): [string, StorageEntry] => [
			String(entry.key.at(-1)),
			entry,
		]);
		const last = page.cursor === undefined ? undefined : all.at(-1)?.[0];
		return {
			users: new Map(all.filter(([userId]) => userId > after)),
			/** The last user of the page; undefined: there are no more. */
			last,
			/** Where the next step begins when this one ends with a user. */
			cursorAfter: (user: string): string | null =>
				last !== undefined && last <= user ? (page.cursor ?? null) : cursor,
		};
	}

	private async look(
		userId: string,
		entry: StorageEntry | undefined,
		counted: StorageEntry | undefined,
	): Promise<{
		readonly commit: StorageCommit;
		readonly isMissing: boolean;
		readonly isMiscounted: boolean;
		/** The note that add-ons are to be asked, where nobody knows what is linked to the user. */
		readonly linksDue: NonNullable<StorageCommit["sets"]>;
	}> {
		const stored = entry && STORED_ACCOUNT.read(entry.value);
		if (entry !== undefined && stored === undefined) {
			this.report(
				"a user is not counted",
				new Error("a value under accounts/account cannot be read"),
			);
		}
		const before = counted && COUNTED.read(counted.value);
		const isReadable = counted === undefined || before !== undefined;
		const isMiscounted = !isReadable || !isSame(before, countedOf(userId, stored));
		const isMissing = stored !== undefined && !(await this.isFound(userId, stored));
		const note = { key: countDueKey(userId), value: null };
		return {
			isMissing,
			isMiscounted,
			linksDue: stored !== undefined && stored.links === undefined ? [linksNote(userId, 0)] : [],
			commit: merged(
				isMissing && entry !== undefined ? wholeCommit(userId, entry, stored) : {},
				// A fold writes it again.
				isReadable ? {} : { deletes: [countedKey(userId)] },
				isMiscounted && !isMissing ? { sets: [note] } : {},
			),
		};
	}

	/** Whether all keys of the index are there. */
	private async isFound(userId: string, stored: StoredAccount): Promise<boolean> {
		if (!isIndexed(userId, stored)) {
			return false;
		}
		for (const key of indexKeys(userId, stored)) {
			if ((await this.storage.get(key)) === undefined) {
				return false;
			}
		}
		return true;
	}

	/** Adds up a page of what was counted. Nobody else writes it, because folds wait. */
	private async sum(jobId: string, position: RecountPosition): Promise<StepEnd<RecountPosition>> {
		const page = await this.storage.list(countedKey(), {
			limit: COUNTED_PER_STEP,
			...(position.counted !== null && { cursor: position.counted }),
		});
		const sums = mapsOf(position.sums);
		for (const { value } of page.entries) {
			add(sums, COUNTED.read(value), 1);
		}
		const moved = { ...position, counted: page.cursor ?? null, sums: recordsOf(sums) };
		return page.cursor === undefined
			? this.write(jobId, moved)
			: { position: moved, done: position.done, result: resultOf(position), isEnd: false };
	}

	private async write(jobId: string, position: RecountPosition): Promise<StepEnd<RecountPosition>> {
		const { done, sums } = position;
		const hold = await readHold(this.storage);
		if (hold?.by !== jobId) {
			// Somebody took the hold for one that was left behind, so folds went on beside the sums.
			return { position: START, done: 0, isEnd: false };
		}
		const totals = await this.storage.list(totalKey(), { limit: COUNTED_PER_STEP });
		const unknown = totals.entries.filter(({ key }) => !Object.hasOwn(sums, String(key.at(-1))));
		return {
			position: { ...position, stage: "left-over", counted: null, sums: {} },
			done,
			total: done,
			result: resultOf(position),
			commit: {
				checks: [{ key: COUNTS_STATE, version: hold.version }],
				sets: Object.entries(sums).map(([brandId, counts]) => totalOf(brandId, counts)),
				deletes: [COUNTS_STATE, ...unknown.map(({ key }) => key)],
			},
			isEnd: false,
		};
	}

	private async dropLeftOver(position: RecountPosition): Promise<StepEnd<RecountPosition>> {
		const { commit, dropped, next } = await this.leftOver.step(position.place);
		const leftOver = position.leftOver + dropped;
		const moved = { ...position, place: next ?? position.place, leftOver };
		const { done } = position;
		return { position: moved, done, result: resultOf(moved), commit, isEnd: next === undefined };
	}
}

function resultOf({ missing, miscounted, leftOver }: RecountPosition) {
	return { missing, miscounted, leftOver };
}

function wholeCommit(
	userId: string,
	{ key, version }: StorageEntry,
	stored: StoredAccount,
): StorageCommit {
	const { value = stored, sets } = wholeIndexPart(userId, stored);
	const isSame = value.indexed === stored.indexed;
	return { checks: [{ key, version }], sets: [...(isSame ? [] : [{ key, value }]), ...sets] };
}

function countedOf(userId: string, stored: StoredAccount | undefined): Counted | undefined {
	return stored && { brandId: stored.brandId, names: countNames(userId, stored) };
}

function isSame(one: Counted | undefined, other: Counted | undefined): boolean {
	const textOf = (counted: Counted | undefined): string =>
		counted === undefined ? "" : JSON.stringify([counted.brandId, counted.names]);
	return textOf(one) === textOf(other);
}

/** The first of two users at which lists end. Undefined: a list does not end. */
function first(one: string | undefined, other: string | undefined): string | undefined {
	return one === undefined || (other !== undefined && other < one) ? other : one;
}
