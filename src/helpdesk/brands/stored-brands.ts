import type { Clock } from "../../contract/clock.ts";
import type { HostStorage, StorageCommit, StorageKey } from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import type { Message } from "../locale/locale.ts";
import { BRAND_LOOK, type BrandLook } from "./brand-look.ts";
import { aboutOf, BRAND_RECORD, type BrandRecord, factsIn } from "./brand-record.ts";
import {
	BrandError,
	type BrandFacts,
	brandFacts,
	described,
	isBrandId,
	type NamedBrand,
	refuseTogether,
	SAMPLE_BRANDS,
} from "./brand-rules.ts";

/** All that is stored about brands. */
export interface BrandBook {
	/** By id, the oldest brand first. */
	readonly records: ReadonlyMap<string, BrandRecord>;
	/** The ids of records that cannot be read. They stay as they are. */
	readonly unreadable: readonly string[];
	/** By id of the brand, whether it has a record or not. */
	readonly looks: ReadonlyMap<string, BrandLook>;
	/** The ids of brands whose looks cannot be read. They stay as they are. */
	readonly unreadableLooks: readonly string[];
}

/** The parts of a brand that can be changed. Left out: it stays. */
export type BrandChange = Partial<Omit<BrandFacts, "id">>;

const NEW = { removedAt: null, leftOut: false, overridden: false } as const;

/** The first parts of keys: of the record of a brand, and of its look. */
export const BRAND = "brand";
export const LOOK = "look";
/** Every write changes this entry, so that two brands that are added at once do not get one address. */
const REVISION: StorageKey = ["revision"];

/**
 * The brands in storage, and notes about configured ones. Every node reads them again after a few seconds, see
 * `HelpdeskBrands`.
 */
export class StoredBrands {
	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
	) {}

	/** Reads records and looks by one list, because every node does it again and again. */
	async all(): Promise<BrandBook> {
		const found: [string, BrandRecord][] = [];
		const looks = new Map<string, BrandLook>();
		const unreadable: string[] = [];
		const unreadableLooks: string[] = [];
		for await (const page of pagesOf(this.storage, [])) {
			for (const { key, value } of page) {
				const [kind, id = ""] = key;
				const record = kind === BRAND && isBrandId(id) ? BRAND_RECORD.read(value) : undefined;
				const look = kind === LOOK && isBrandId(id) ? BRAND_LOOK.read(value) : undefined;
				if (record !== undefined) {
					found.push([id, record]);
				} else if (look !== undefined) {
					looks.set(id, look);
				} else if (kind === BRAND) {
					unreadable.push(id);
				} else if (kind === LOOK) {
					unreadableLooks.push(id);
				}
			}
		}
		found.sort(([, one], [, other]) => one.createdAt - other.createdAt);
		return { records: new Map(found), unreadable, looks, unreadableLooks };
	}

	/**
	 * Adds a brand. It has no port of its own: the first brand's serves it by host name.
	 *
	 * @param typed a URL that is an origin already.
	 * @throws BrandError when it cannot be added; StorageError.
	 */
	async add(typed: Omit<BrandFacts, "locale"> & { readonly locale?: string }): Promise<BrandFacts> {
		const facts = brandFacts(typed);
		return this.write(async (book) => {
			refuseUsedId(facts.id, book);
			refuseTogether([...presentBrands(book), facts]);
			const source = "stored";
			const record = { ...aboutOf(facts), ...NEW, source, createdAt: this.clock.now() } as const;
			return { records: [[facts.id, record]], result: facts };
		});
	}

	/** @throws BrandError when there is no such brand in storage, or it cannot be changed so; StorageError. */
	async change(id: string, change: BrandChange): Promise<BrandFacts> {
		return this.write(async (book) => {
			const record = storedBrand(id, book);
			const facts = brandFacts({ ...factsIn(id, record), ...change });
			const others = presentBrands(book).filter((other) => other.id !== id);
			refuseTogether([...others, facts]);
			return { records: [[id, { ...record, ...aboutOf(facts) }]], result: facts };
		});
	}

	/**
	 * Removes a brand. Its id stays taken, and everything else that is stored for it stays as well.
	 *
	 * @throws BrandError when there is no such brand in storage; StorageError.
	 */
	async remove(id: string): Promise<BrandFacts> {
		return this.write(async (book) => {
			const record = { ...storedBrand(id, book), removedAt: this.clock.now() };
			return { records: [[id, record]], result: factsIn(id, record) };
		});
	}

	/**
	 * Notes the brands of the configuration, so that a later start knows which of them it leaves out. A brand in storage with the
	 * id of one of them stays. It cannot be removed meanwhile: the next start would be refused for an id that is used.
	 *
	 * @param configured none: the sample brands are there.
	 * @throws BrandError for the id of a brand that was removed; StorageError.
	 */
	async note(configured: readonly BrandFacts[]): Promise<void> {
		await this.write(async (book) => {
			const notes = new Map<string, BrandRecord>();
			for (const facts of configured) {
				const { id } = facts;
				const before = book.records.get(id);
				if (before?.source === "stored" && before.removedAt !== null) {
					throw usedBefore(id, before);
				}
				if (before?.source === "stored") {
					notes.set(id, { ...before, overridden: true });
				} else if (!book.unreadable.includes(id)) {
					const createdAt = before?.createdAt ?? this.clock.now();
					notes.set(id, { ...before, ...aboutOf(facts), ...NEW, source: "configured", createdAt });
				}
			}
			for (const [id, record] of book.records) {
				if (!notes.has(id)) {
					notes.set(id, { ...record, leftOut: record.source === "configured", overridden: false });
				}
			}
			const changed = [...notes].filter(([id, note]) => !isSame(note, book.records.get(id)));
			return { records: changed, result: undefined };
		});
	}

	private write<Result>(
		decide: (book: BrandBook) => Promise<{
			readonly records: readonly (readonly [string, BrandRecord])[];
			readonly result: Result;
		}>,
	): Promise<Result> {
		return updateEntry(this.storage, async () => {
			const revision = await this.storage.get(REVISION);
			const { records, result } = await decide(await this.all());
			const commit: StorageCommit = {
				checks: [{ key: REVISION, version: revision?.version ?? null }],
				sets: [
					{ key: REVISION, value: this.clock.now() },
					...records.map(([id, value]) => ({ key: [BRAND, id], value })),
				],
			};
			return { commit: records.length === 0 ? undefined : commit, result };
		});
	}
}

/** The brands that the helpdesk has, as far as the storage knows: the address of a sample brand is known to its start alone. */
export function presentBrands({ records }: BrandBook): readonly NamedBrand[] {
	const present = [...records].filter(([, record]) => isPresent(record));
	const isConfigured = present.some(
		([, { source, overridden }]) => source === "configured" || overridden,
	);
	return [
		...(isConfigured ? [] : SAMPLE_BRANDS.map(({ id, name }) => ({ id, name }))),
		...present.map(([id, { name, url }]) => ({ id, name, url })),
	];
}

export function isPresent({ source, removedAt, leftOut }: BrandRecord): boolean {
	return source === "stored" ? removedAt === null : !leftOut;
}

function storedBrand(id: string, { records, unreadable }: BrandBook): BrandRecord {
	const record = records.get(id);
	if (record?.source === "configured" || record?.overridden) {
		throw new BrandError({ key: "brand-rule.fixed", values: { id } });
	}
	if (unreadable.includes(id)) {
		throw unreadableRecord(id);
	}
	if (SAMPLE_BRANDS.some((sample) => sample.id === id)) {
		throw new BrandError({
			key: "brand-rule.sample",
			values: { id },
		});
	}
	if (record === undefined) {
		throw new BrandError({
			key: "brand-rule.unknown",
			values: { id },
		});
	}
	if (record.removedAt !== null) {
		const brand = described({ id, ...record });
		throw new BrandError({
			key: "brand-rule.removed",
			values: { brand },
		});
	}
	return record;
}

function refuseUsedId(id: string, { records, unreadable }: BrandBook): void {
	const record = records.get(id);
	if (SAMPLE_BRANDS.some((sample) => sample.id === id)) {
		throw new BrandError({ key: "brand-rule.id-of-sample", values: { id } }, "id");
	}
	if (unreadable.includes(id)) {
		throw unreadableRecord(id, "id");
	}
	if (record !== undefined && isPresent(record)) {
		const brand = described({ id, ...record });
		throw new BrandError({ key: "brand-rule.id-taken", values: { id, brand } }, "id");
	}
	if (record !== undefined) {
		throw usedBefore(id, record, "id");
	}
}

function usedBefore(
	id: string,
	{ name: brand, removedAt }: BrandRecord,
	about?: BrandError["about"],
): BrandError {
	const day = removedAt === null ? undefined : new Date(removedAt).toISOString().slice(0, 10);
	const said: Message =
		day === undefined
			? { key: "brand-rule.id-of-earlier-configuration", values: { id, brand } }
			: { key: "brand-rule.id-of-removed", values: { id, brand, day } };
	return new BrandError(said, about);
}

function unreadableRecord(id: string, about?: BrandError["about"]): BrandError {
	return new BrandError({ key: "brand-rule.record-unreadable", values: { id } }, about);
}

function isSame(one: BrandRecord, other: BrandRecord | undefined): boolean {
	return other !== undefined && JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(record: BrandRecord): readonly (readonly [string, unknown])[] {
	return Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1));
}
