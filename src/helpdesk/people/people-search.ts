import type { StorageKey } from "../../contract/storage.ts";
import type { UserStatus } from "../../contract/users.ts";
import type { OrderedStorage } from "../../storage/ordered-storage.ts";
import { orUnreadable, UnreadableValueError } from "../../storage/stored-value.ts";
import { inParallel } from "../in-parallel.ts";
import { classKeys, newestKeys, wordKeys } from "./account-index.ts";
import type { AccountRecords } from "./account-records.ts";
import { type Ways, waysOf } from "./count-names.ts";
import { type Found, type FoundPeople, IndexScan, type Scan, type Scanned } from "./index-scan.ts";
import { isIndexReady } from "./index-state.ts";
import { hasWords, searchedOf, typedWords, wordsOf } from "./search-words.ts";
import {
	type Account,
	accountKey,
	accountOf,
	STATUSES,
	type StoredAccount,
} from "./stored-account.ts";

/** Whom a list is about. */
export interface PeopleFilter {
	/** As typed: an address, a name, a handle, an id, or the beginnings of some words of these. Empty: everybody. */
	readonly words: string;
	readonly brandId: string | undefined;
	readonly status: UserStatus | undefined;
	readonly linked: boolean | undefined;
	readonly withoutOtherWayIn: boolean;
}

export type { FoundPeople };

type Report = (what: string, error: unknown) => void;

const PEOPLE_PER_PAGE = 25;
const READS_AT_ONCE = 10;
const ALL_WAYS: readonly Ways[] = ["link", "both", "password", "none"];

/** Finds people by their words and by facts about them, a page at a time. No page grows with the number of people. */
export class PeopleSearch {
	private readonly scan: IndexScan;

	/**
	 * @param storage that of the accounts.
	 * @param report called for accounts that cannot be read and are left out.
	 */
	constructor(
		private readonly storage: OrderedStorage,
		private readonly records: AccountRecords,
		private readonly report: Report,
	) {
		this.scan = new IndexScan(storage, records, report);
	}

	/**
	 * A page of at most 25 people. Who has a typed address or id is found at once. Typed words are found at the beginning of
	 * each word of a name, handle, address or id. The others come newest first within their status and ways to log in.
	 *
	 * @param brandIds the brands at which an address is looked up.
	 * @param cursor that of the page before. Left out: the first page.
	 * @param report called in place of the one of the constructor.
	 * @throws TypeError for a text that is no cursor.
	 */
	async page(
		filter: PeopleFilter,
		brandIds: readonly string[],
		cursor?: string,
		report = this.report,
	): Promise<FoundPeople> {
		const exact = cursor === undefined ? await this.exactly(filter, brandIds, report) : [];
		if (exact.length > 0) {
			return { accounts: exact, next: undefined, isPartial: false };
		}
		const limit = PEOPLE_PER_PAGE;
		if (filter.words.trim() !== "") {
			return this.scan.page({ ...wordScan(filter), limit }, cursor, report);
		}
		const isWanted = ({ userId, stored }: Found): boolean =>
			fits(accountOf(userId, stored), filter);
		const { brandId, status } = filter;
		if (brandId !== undefined || status !== undefined || waysIn(filter).length < ALL_WAYS.length) {
			const statuses = status === undefined ? STATUSES : [status];
			const lists = classLists(statuses, waysIn(filter), brandId);
			return this.scan.page({ kind: "class", lists, isWanted, limit }, cursor, report);
		}
		const isUnsorted = cursor?.startsWith("all-") ?? !(await isIndexReady(this.storage));
		return isUnsorted
			? this.scan.page(
					{ kind: "all", lists: [{ prefix: accountKey() }], isWanted, limit },
					cursor,
					report,
				)
			: this.scan.page(
					{ kind: "newest", lists: [{ prefix: newestKeys() }], isWanted, limit },
					cursor,
					report,
				);
	}

	/**
	 * The users of a brand with one of these statuses and ways to log in, for jobs. Who changes meanwhile may be found twice
	 * or not at all.
	 *
	 * @param limit the most users; a page looks at 200 keys.
	 * @throws TypeError for a text that is no cursor.
	 */
	ofClasses(
		brandId: string,
		statuses: readonly UserStatus[],
		ways: readonly Ways[],
		cursor: string | undefined,
		limit: number,
	): Promise<FoundPeople> {
		const lists = classLists(statuses, ways, brandId);
		return this.scan.page({ kind: "class", lists, isWanted: () => true, limit }, cursor);
	}

	/** Whether everybody can be found. If not, a job sees to it, see `indexJobOf`. */
	async state(): Promise<{ readonly isReady: boolean }> {
		return { isReady: await isIndexReady(this.storage) };
	}

	/** Who has exactly this id or address. */
	private async exactly(
		filter: PeopleFilter,
		brandIds: readonly string[],
		report: Report,
	): Promise<readonly Account[]> {
		const typed = filter.words.trim();
		const places = brandIds.filter((id) => filter.brandId === undefined || filter.brandId === id);
		const found = typed.includes("@")
			? await inParallel(places, READS_AT_ONCE, (brandId) =>
					this.orNobody(() => this.records.allByEmail(brandId, typed), report),
				)
			: [await this.orNobody(async () => [await this.records.find(typed)], report)];
		return found
			.flat()
			.filter((account) => account !== undefined)
			.filter((account) => fits(account, filter));
	}

	private async orNobody<Who>(
		find: () => Promise<readonly Who[]>,
		report: Report,
	): Promise<readonly Who[]> {
		const found = await orUnreadable(find);
		if (found instanceof UnreadableValueError) {
			report("a user is not found", found);
			return [];
		}
		return found;
	}
}

/** The longest word is looked up, because the fewest people have it. Each person is found at one of their words. */
function wordScan(filter: PeopleFilter): Pick<Scan, "kind" | "lists" | "isWanted"> {
	const words = typedWords(filter.words);
	const [startsWith] = words.toSorted((one, other) => other.length - one.length);
	return {
		kind: "word",
		lists: startsWith === undefined ? [] : [{ prefix: wordKeys(), startsWith }],
		isWanted: ({ key, userId, stored }) =>
			fits(accountOf(userId, stored), filter) &&
			hasWords(searchedOf(userId, stored), words) &&
			isFirstHit(key, userId, stored, startsWith ?? ""),
	};
}

/** Whether it is the first of a person's words that begin so. The others lead to the same person. */
function isFirstHit(
	key: StorageKey,
	userId: string,
	stored: StoredAccount,
	startsWith: string,
): boolean {
	const first = wordsOf(searchedOf(userId, stored)).find((word) => word.startsWith(startsWith));
	return first === key.at(-2);
}

function classLists(
	statuses: readonly UserStatus[],
	ways: readonly Ways[],
	brandId: string | undefined,
): readonly Scanned[] {
	const brand: [] | [string] = brandId === undefined ? [] : [brandId];
	return statuses.flatMap((status) =>
		ways.map((each) => ({ prefix: classKeys(status, each, ...brand) })),
	);
}

/** The ways to log in of the people that a filter wants. */
function waysIn({ linked, withoutOtherWayIn }: PeopleFilter): readonly Ways[] {
	return ALL_WAYS.filter(
		(ways) =>
			(linked === undefined || linked === (ways === "link" || ways === "both")) &&
			(!withoutOtherWayIn || ways === "link"),
	);
}

function fits(account: Account, filter: PeopleFilter): boolean {
	const { brandId, status } = filter;
	return (
		(brandId === undefined || brandId === account.brandId) &&
		(status === undefined || status === account.status) &&
		waysIn(filter).includes(waysOf(account))
	);
}
