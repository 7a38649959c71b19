import type { Brand } from "../../../../contract/brands.ts";
import type { AddOns } from "../../../add-ons/add-ons.ts";
import { type BrandLook, PLAIN_LOOK } from "../../../brands/brand-look.ts";
import type { BrandLooks } from "../../../brands/brand-looks.ts";
import { factsIn } from "../../../brands/brand-record.ts";
import type { BrandFacts } from "../../../brands/brand-rules.ts";
import type { HelpdeskBrands } from "../../../brands/helpdesk-brands.ts";
import { type BrandBook, isPresent, type StoredBrands } from "../../../brands/stored-brands.ts";
import type { BrandHandOffs } from "../../../hand-off/open-hand-offs.ts";
import type { Jobs } from "../../../jobs/jobs.ts";
import type { Locale, Message } from "../../../locale/locale.ts";
import type { OpenIdProviders } from "../../../openid/open-openid.ts";
import type { PeopleCounts } from "../../../people/people-counts.ts";
import type { AdminContext, ShowPage } from "../admin-pages.ts";

/** How the helpdesk was started, as far as it concerns brands. */
export interface StartedBrands {
	/** `sample`: no brand is configured. */
	readonly kind: "sample" | "configured";
	/** The address that the first brand listens on, where stored brands are served; undefined: it is not known. */
	readonly listening: string | undefined;
}

export interface BrandPageParts {
	readonly jobs: Jobs;
	readonly knownBrands: HelpdeskBrands;
	readonly storedBrands: StoredBrands;
	readonly looks: BrandLooks;
	readonly startedBrands: StartedBrands;
	readonly addOns: AddOns;
	readonly counts: Pick<PeopleCounts, "at">;
	readonly openid: OpenIdProviders;
	readonly handOffs: BrandHandOffs;
	readonly show: ShowPage;
}

/** A brand as the administration shows it, served or not. */
export interface ShownBrand extends BrandFacts {
	/** `stored`: it is changed here. The others are those of the start. */
	readonly kind: StartedBrands["kind"] | "stored";
	/** Why the helpdesk does not serve it; undefined for one that it serves. */
	readonly obstacle: Message | undefined;
	readonly look: BrandLook;
	/** Whether its look is stored and cannot be read. */
	readonly isLookUnreadable: boolean;
}

/** Every brand of the helpdesk, that with the administration first. @throws StorageError */
export async function shownBrands(parts: BrandPageParts): Promise<readonly ShownBrand[]> {
	const { knownBrands, storedBrands, startedBrands } = parts;
	const book = await storedBrands.all();
	const fixed = knownBrands.all().filter(({ id }) => knownBrands.isFixed(id));
	const stored = [...book.records].filter(
		([id, record]) => record.source === "stored" && isPresent(record) && !knownBrands.isFixed(id),
	);
	return [
		...fixed.map((brand) => shown(factsOf(brand), startedBrands.kind, book, undefined)),
		...stored.map(([id, record]) =>
			shown(factsIn(id, record), "stored", book, knownBrands.obstacleOf(id)),
		),
	];
}

function shown(
	facts: BrandFacts,
	kind: ShownBrand["kind"],
	{ looks, unreadableLooks }: BrandBook,
	obstacle: Message | undefined,
): ShownBrand {
	const { id } = facts;
	const look = looks.get(id) ?? PLAIN_LOOK;
	return { ...facts, kind, obstacle, look, isLookUnreadable: unreadableLooks.includes(id) };
}

function factsOf({ id, name, baseUrl: url, locale, timeZone }: Brand): BrandFacts {
	return { id, name, url, locale, ...(timeZone !== undefined && { timeZone }) };
}

/** The handler of a page about one brand. An address of no brand is answered as one of no page. */
export function aboutBrand(
	parts: BrandPageParts,
	answer: (c: AdminContext, brand: ShownBrand) => Promise<Response>,
	isAbout: (brand: ShownBrand) => boolean = () => true,
): (c: AdminContext) => Promise<Response> {
	return async (c) => {
		const asked = c.req.param("brandId");
		const brand = (await shownBrands(parts)).find(({ id }) => id === asked);
		return brand !== undefined && isAbout(brand) ? answer(c, brand) : c.notFound();
	};
}

/** Whether a brand can be moved and retired. */
export function isStored({ kind }: ShownBrand): boolean {
	return kind === "stored";
}

/** The names of the helpdesks that a brand is connected to, of every kind. */
export async function connectedNames(
	{ openid, handOffs }: Pick<BrandPageParts, "openid" | "handOffs">,
	brandId: string,
	{ text }: Locale,
): Promise<readonly string[]> {
	// One that cannot be read counts, too.
	let unreadable = 0;
	const report = () => {
		unreadable += 1;
	};
	const all = [
		...(await openid.storedAt(brandId).helpdesks.all(report)),
		...(await handOffs.of(brandId).helpdesks.all(report)),
	];
	return [
		...all.map(({ name }) => name),
		...(unreadable > 0 ? [text("brand.unreadable-helpdesk")] : []),
	];
}
