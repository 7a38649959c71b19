import type { Brand } from "../../contract/brands.ts";
import type { Clock } from "../../contract/clock.ts";
import { isStorageError } from "../../contract/storage.ts";
import type { Message } from "../locale/locale.ts";
import type { AdministrationOptions } from "./administration-address.ts";
import { brandAt, brandFor } from "./brand-addresses.ts";
import { type BrandLook, PLAIN_LOOK } from "./brand-look.ts";
import { factsIn } from "./brand-record.ts";
import { type BrandFacts, described } from "./brand-rules.ts";
import { type BrandBook, isPresent, type StoredBrands } from "./stored-brands.ts";

/** How long a node serves the stored brands as it last read them. Milliseconds. */
export const FRESH_MS = 5000;

/** The brands of the helpdesk, as far as this node knows them now. */
export interface KnownBrands {
	/** The brand with the administration comes first. The array is the same one until a brand changes. */
	all(): readonly Brand[];
	find(brandId: string): Brand | undefined;
	/** How a brand looks. The plain look of one that does not exist. */
	lookOf(brandId: string): BrandLook;
}

export interface BrandsOptions extends AdministrationOptions {
	readonly clock: Clock;
	readonly plugin: { readonly manifest: { readonly id: string } };
	/** Whether a stored brand may be served at this address. Left out: at any. */
	readonly mayServe?: (url: string) => boolean;
	/** The addresses of the listeners of fixed brands. No stored brand is served there. Left out: they are not known. */
	readonly listening?: readonly string[];
	/** Called with the brands at the start and whenever one changes. */
	readonly onBrands?: (brands: readonly Brand[]) => void;
}

/**
 * The brands with a port of their own, those in storage, and how all of them look. Whatever is stored is read again after some
 * seconds by one list, so that requests read nothing of it in between.
 */
export class HelpdeskBrands implements KnownBrands {
	private brands: readonly Brand[];
	private stored: readonly BrandFacts[] = [];
	private looks: ReadonlyMap<string, BrandLook> = new Map();
	private obstacles: ReadonlyMap<string, Message> = new Map();
	private reading: Promise<void> | undefined;
	private readAt = Number.NEGATIVE_INFINITY;
	private readonly reported = new Set<string>();

	/**
	 * @param fixed at least one.
	 * @param report called once for each stored brand that is not served, with a sentence that says why.
	 */
	constructor(
		private readonly fixed: readonly Brand[],
		private readonly records: StoredBrands,
		private readonly options: BrandsOptions,
		private readonly report: (sentence: string) => void,
	) {
		this.brands = fixed;
	}

	all(): readonly Brand[] {
		return this.brands;
	}

	find(brandId: string): Brand | undefined {
		return this.brands.find(({ id }) => id === brandId);
	}

	lookOf(brandId: string): BrandLook {
		return this.looks.get(brandId) ?? PLAIN_LOOK;
	}

	/** Whether only another start changes a brand. */
	isFixed(brandId: string): boolean {
		return this.fixed.some(({ id }) => id === brandId);
	}

	/** Why a stored brand was not served when the brands were read last; undefined for one that is served. */
	obstacleOf(brandId: string): Message | undefined {
		return this.obstacles.get(brandId);
	}

	/** Why a brand would not be served if it were stored like this; undefined for one that would. */
	obstacleAt(facts: BrandFacts): Message | undefined {
		const others = this.stored.filter(({ id }) => id !== facts.id);
		return this.obstacleTo(facts, others)?.said;
	}

	/** Reads the stored brands at once, after a change. While the storage is away, they are read later. */
	async reread(): Promise<void> {
		// One that is under way may have begun before the change.
		await this.reading?.catch(() => undefined);
		this.readAt = Number.NEGATIVE_INFINITY;
		await this.refreshIfPossible();
	}

	/** Reads the stored brands, unless that was done some seconds ago. @throws StorageError */
	async refresh(): Promise<void> {
		const age = this.options.clock.now() - this.readAt;
		if (age >= 0 && age < FRESH_MS) {
			return;
		}
		this.reading ??= this.read().finally(() => {
			this.reading = undefined;
		});
		await this.reading;
	}

	/** As {@link refresh}. While the storage is away, the brands are those that were read last. */
	async refreshIfPossible(): Promise<void> {
		try {
			await this.refresh();
		} catch (error) {
			if (!isStorageError(error)) {
				throw error;
			}
		}
	}

	private async read(): Promise<void> {
		const { clock, plugin, onBrands } = this.options;
		const readAt = clock.now();
		const book = await this.records.all();
		const stored = this.servedOf(book);
		this.readAt = readAt;
		const areSame =
			JSON.stringify(stored) === JSON.stringify(this.stored) &&
			JSON.stringify([...book.looks]) === JSON.stringify([...this.looks]);
		if (!areSame) {
			this.stored = stored;
			this.looks = book.looks;
			const { id } = plugin.manifest;
			const plain = [...this.fixed, ...stored.map((facts) => brandAt(facts, id))];
			this.brands = plain.map((brand) => withLinks(brand, this.lookOf(brand.id)));
			onBrands?.(this.brands);
		}
	}

	private servedOf({ records, unreadable, unreadableLooks }: BrandBook): readonly BrandFacts[] {
		for (const id of unreadableLooks) {
			this.reportOnce(
				`the stored look of the brand ${id} cannot be read, and stays as it is: the brand looks plain`,
			);
		}
		for (const id of unreadable) {
			const isServed = this.fixed.some((brand) => brand.id === id);
			this.reportOnce(
				`the stored record of the brand ${id} cannot be read, and stays as it is${isServed ? "" : ": the brand is not served"}`,
			);
		}
		const served: BrandFacts[] = [];
		const obstacles = new Map<string, Message>();
		for (const [id, record] of records) {
			if (record.source === "stored" && isPresent(record)) {
				const facts = factsIn(id, record);
				const obstacle = this.obstacleTo(facts, served);
				if (obstacle === undefined) {
					served.push(facts);
				} else {
					obstacles.set(id, obstacle.said);
					this.reportOnce(obstacle.logged);
				}
			}
		}
		this.obstacles = obstacles;
		return served;
	}

	/** @returns why a stored brand is not served; undefined for one that is. */
	private obstacleTo(facts: BrandFacts, served: readonly BrandFacts[]): Obstacle | undefined {
		const { id, url } = facts;
		const brand = described(facts);
		const stored = `the stored brand ${brand} at ${url}`;
		const sameId = this.fixed.find((each) => each.id === id);
		if (sameId !== undefined) {
			const [other, otherUrl] = [described(sameId), sameId.baseUrl];
			return {
				logged: `${stored} has the id of ${other}, which the start configures at ${otherUrl}: the configuration counts, and the record stays`,
				said: { key: "brand-obstacle.same-id", values: { brand, url, other, otherUrl } },
			};
		}
		const others = [...this.fixed.map((each) => ({ ...each, url: each.baseUrl })), ...served];
		const sameUrl = others.find((other) => other.url === url);
		if (sameUrl !== undefined) {
			const other = described(sameUrl);
			return {
				logged: `${stored} is not served, because ${other} has the same address; give one of them another`,
				said: { key: "brand-obstacle.same-address", values: { brand, url, other } },
			};
		}
		const { adminBaseUrl, listening = [], mayServe } = this.options;
		if (url === adminBaseUrl) {
			return {
				logged: `${stored} is not served, because the administration has the same address; give one of them another`,
				said: { key: "brand-obstacle.administration", values: { brand, url } },
			};
		}
		if (listening.includes(url)) {
			return {
				logged: `${stored} is not served, because a brand with a port of its own listens there, and a proxy may name that address; give it another address`,
				said: { key: "brand-obstacle.listening", values: { brand, url } },
			};
		}
		return (mayServe?.(url) ?? true) ? undefined : atFakeX(brand, url);
	}

	private reportOnce(sentence: string): void {
		if (!this.reported.has(sentence)) {
			this.reported.add(sentence);
			this.report(sentence);
		}
	}
}

/** Why a stored brand is not served. */
interface Obstacle {
	/** In English, for the log. */
	readonly logged: string;
	/** For a page, in the language of its reader. */
	readonly said: Message;
}

function atFakeX(brand: string, url: string): Obstacle {
	const [flag, fakeFlag] = ["--x-base-url https://api.x.com", "--fake-x"];
	return {
		logged: `the stored brand ${brand} at ${url} is not served, because at the fake X everybody could log in there as anybody; start with ${flag}, or with ${fakeFlag} if you only try this out`,
		said: { key: "brand-obstacle.fake-x", values: { brand, url, flag, fakeFlag } },
	};
}

/** The same brands with the paths of another plugin. */
export function brandsFor(known: KnownBrands, pluginId: string): KnownBrands {
	let from: readonly Brand[] = [];
	let brands: readonly Brand[] = [];
	const all = (): readonly Brand[] => {
		if (known.all() !== from) {
			from = known.all();
			brands = from.map((brand) => brandFor(brand, pluginId));
		}
		return brands;
	};
	return {
		all,
		find: (brandId) => all().find(({ id }) => id === brandId),
		lookOf: (brandId) => known.lookOf(brandId),
	};
}

/** The same brand with the links of its look. */
function withLinks(brand: Brand, { privacyPolicyUrl, termsUrl }: BrandLook): Brand {
	return {
		...brand,
		...(privacyPolicyUrl !== null && { privacyPolicyUrl }),
		...(termsUrl !== null && { termsUrl }),
	};
}
