import type { LinkPage } from "../../../contract/link-transfer.ts";
import { type HostStorage, isStorageError, type StorageEntry } from "../../../contract/storage.ts";
import { merged } from "../../../storage/merged-commit.ts";
import { namespaced } from "../../../storage/namespaced-storage.ts";
import { placed } from "../../../storage/ordered-storage.ts";
import { readableEntries, type StoredKind } from "../../../storage/stored-value.ts";
import { inParallel } from "../../in-parallel.ts";
import { type JobKind, jobKind, type StepEnd } from "../../jobs/job-kind.ts";
import { NAMESPACES } from "../../namespaces.ts";
import { commitOf } from "../account-commits.ts";
import { isIndexed } from "../account-index.ts";
import { indexStateSet } from "../index-state.ts";
import type { PeopleCounts } from "../people-counts.ts";
import { accountKey, STORED_ACCOUNT, type StoredAccount } from "../stored-account.ts";
import { INDEX_POSITION, type IndexPosition } from "./index-position.ts";
import { LinksInIndex } from "./links-in-index.ts";

/** The type of the job. */
export const INDEX_PEOPLE = "index-people";

/** What an add-on has linked. */
export interface LinkSource {
	readonly addOn: string;
	/** A page of all links at a brand, see `Plugin.exportLinks`. Undefined: the add-on can only say it of each user. */
	readonly pageOf: ((brandId: string, cursor?: string) => Promise<LinkPage>) | undefined;
}

export interface IndexPeopleParts {
	/** The whole storage. */
	readonly storage: HostStorage;
	readonly counts: PeopleCounts;
	/** The add-ons that link accounts at providers to users. */
	readonly sources: () => Promise<readonly LinkSource[]>;
	readonly brandIds: () => readonly string[];
	/** Asks all add-ons what is linked to a user, and stores it. */
	readonly refresh: (userId: string) => Promise<void>;
	/** Called for accounts that cannot be read and stay out of the index. */
	readonly report: (what: string, error: unknown) => void;
}

/** Each of them may need 18 keys in the commit. */
const USERS_PER_STEP = 20;
const ASKED_AT_ONCE = 3;
const FIRST_DIGITS = 8;

const NOTHING: StoredKind<null> = {
	name: "jobs/job index-people",
	read: (value) => (value === null ? value : undefined),
};

/**
 * Puts the accounts of earlier versions into the index and counts them, while people log in. The steps with accounts are
 * one commit each. Those with links may be done twice: they write what is not known yet, and ask the add-ons otherwise.
 */
export function indexPeopleKind(parts: IndexPeopleParts): JobKind {
	const index = new IndexPeople(parts);
	return jobKind<null, IndexPosition>({
		type: INDEX_PEOPLE,
		params: NOTHING,
		position: INDEX_POSITION,
		exclusive: () => INDEX_PEOPLE,
		begin: async () => ({
			position: {
				phase: "accounts",
				cursor: null,
				addOn: null,
				brandId: null,
				unlisted: [],
				done: 0,
			},
			total: null,
		}),
		step: async ({ position, rest }) => {
			const { commit = {}, ...end } = await index.step(position, rest);
			return { ...end, commit: placed(NAMESPACES.accounts, commit) };
		},
		words: () => ({ title: { key: "job.index-people" }, unit: "people" }),
	});
}

class IndexPeople {
	/** That of the accounts. */
	private readonly storage: HostStorage;
	private readonly links: LinksInIndex;

	constructor(private readonly parts: IndexPeopleParts) {
		this.storage = namespaced(parts.storage, NAMESPACES.accounts);
		this.links = new LinksInIndex(this.storage, parts);
	}

	step(position: IndexPosition, rest: () => Promise<void>): Promise<StepEnd<IndexPosition>> {
		switch (position.phase) {
			case "accounts":
				return this.accounts(position);
			case "links":
				return this.linksOf(position, rest);
			case "ask":
				return this.ask(position);
			case "counts":
				return this.count(position);
		}
	}

	private async accounts(position: IndexPosition): Promise<StepEnd<IndexPosition>> {
		// The notes of the steps before. Nobody else works them off as fast as they are made.
		await this.parts.counts.fold();
		const { entries, next } = await this.page(position.cursor);
		const accounts = readableEntries(entries, STORED_ACCOUNT, this.parts.report);
		const commits = accounts.flatMap((entry) => {
			const { key, value: stored } = entry;
			return isIndexed(String(key.at(-1)), stored)
				? []
				: [commitOf({ entry, stored, value: { ...stored } })];
		});
		const done = position.done + entries.length;
		const total = next === null ? done : estimate(done, entries.at(-1));
		return {
			position: { ...position, done, cursor: next, phase: next === null ? "links" : "accounts" },
			done,
			...(total !== undefined && { total }),
			commit: merged(...commits),
			isEnd: false,
		};
	}

	/** A page of what an add-on has linked at a brand. One brand after the other, and one add-on after the other. */
	private async linksOf(
		position: IndexPosition,
		rest: () => Promise<void>,
	): Promise<StepEnd<IndexPosition>> {
		await this.parts.counts.fold();
		const { done, cursor } = position;
		const sources = await this.parts.sources();
		const place = cursor === null ? this.placeAfter(position, sources) : position;
		if (place === undefined) {
			return { position: { ...position, phase: "ask", cursor: null }, done, isEnd: false };
		}
		const { addOn, brandId } = place;
		const source = sources.find((each) => each.addOn === addOn);
		const page = await this.listed(source, brandId ?? "", cursor ?? undefined);
		await this.links.add(addOn ?? "", page?.links ?? [], rest);
		const unlisted = new Set([
			...position.unlisted,
			...(page === undefined && brandId !== null ? [brandId] : []),
		]);
		return {
			position: {
				...position,
				addOn,
				brandId,
				unlisted: [...unlisted],
				cursor: page?.cursor ?? null,
			},
			done,
			isEnd: false,
		};
	}

	/**
	 * @param source undefined for an add-on that was uninstalled meanwhile: it lists nothing any more.
	 * @returns undefined when the add-on fails.
	 */
	private async listed(
		source: LinkSource | undefined,
		brandId: string,
		cursor: string | undefined,
	): Promise<LinkPage | undefined> {
		try {
			return (await source?.pageOf?.(brandId, cursor)) ?? { links: [] };
		} catch (error) {
			if (isStorageError(error)) {
				throw error;
			}
			this.parts.report(
				"an add-on is asked for the links of each user, because it cannot list them",
				error,
			);
			return undefined;
		}
	}

	private placeAfter(
		{ addOn, brandId }: Pick<IndexPosition, "addOn" | "brandId">,
		sources: readonly LinkSource[],
	): Pick<IndexPosition, "addOn" | "brandId"> | undefined {
		const brandIds = [...this.parts.brandIds()].sort();
		return sources
			.filter(({ pageOf }) => pageOf !== undefined)
			.sort((one, other) => (one.addOn < other.addOn ? -1 : 1))
			.flatMap((source) => brandIds.map((each) => ({ addOn: source.addOn, brandId: each })))
			.find(
				(each) =>
					addOn === null ||
					each.addOn > addOn ||
					(each.addOn === addOn && each.brandId > (brandId ?? "")),
			);
	}

	/**
	 * Nothing is linked to users whom no list has, so that is known now, too. Add-ons are asked for everybody whose links a
	 * list may lack: some of them may be known already from another add-on's.
	 */
	private async ask(position: IndexPosition): Promise<StepEnd<IndexPosition>> {
		await this.parts.counts.fold();
		const { entries, next } = await this.page(position.cursor);
		const isOneSilent = (await this.parts.sources()).some(({ pageOf }) => pageOf === undefined);
		const brandIds = this.parts.brandIds();
		const isListed = ({ brandId }: StoredAccount): boolean =>
			!isOneSilent && brandIds.includes(brandId) && !position.unlisted.includes(brandId);
		const accounts = readableEntries(entries, STORED_ACCOUNT, this.parts.report);
		const asked = accounts.filter(({ value }) => !isListed(value));
		await inParallel(asked, ASKED_AT_ONCE, ({ key }) => this.parts.refresh(String(key.at(-1))));
		const commits = accounts
			.filter(({ value }) => isListed(value) && value.links === undefined)
			.map((entry) =>
				commitOf({ entry, stored: entry.value, value: { ...entry.value, links: [] } }),
			);
		return {
			position: { ...position, phase: next === null ? "counts" : "ask", cursor: next },
			done: position.done,
			commit: merged(...commits),
			isEnd: false,
		};
	}

	private async count(position: IndexPosition): Promise<StepEnd<IndexPosition>> {
		const { done } = position;
		return (await this.parts.counts.fold()) > 0
			? { position, done, isEnd: false }
			: {
					position,
					done,
					total: done,
					commit: { sets: [indexStateSet("ready")] },
					isEnd: true,
				};
	}

	private async page(cursor: string | null): Promise<{
		readonly entries: readonly StorageEntry[];
		readonly next: string | null;
	}> {
		const page = await this.storage.list(accountKey(), {
			limit: USERS_PER_STEP,
			...(cursor !== null && { cursor }),
		});
		return { entries: page.entries, next: page.cursor ?? null };
	}
}

/** How many accounts there are, as far as a list has come: their ids are random, so they are spread evenly. */
function estimate(done: number, last: StorageEntry | undefined): number | undefined {
	const digits = String(last?.key.at(-1)).slice(0, FIRST_DIGITS);
	const part = /^[0-9a-f]{8}$/.test(digits) ? Number.parseInt(digits, 16) / 16 ** FIRST_DIGITS : 0;
	return part === 0 ? undefined : Math.max(done, Math.round(done / part));
}
