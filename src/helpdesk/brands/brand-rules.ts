import { displayName } from "../../contract/display-name.ts";
import { isLoopback } from "../../contract/loopback.ts";
import { parseUrl } from "../../contract/parse-url.ts";
import type { Message } from "../locale/locale.ts";
import { SaidError } from "../locale/said.ts";
import { isTimeZone } from "../locale/shown-time.ts";

/** What a person decides about a brand. */
export interface BrandFacts {
	/** Part of cookie names, of storage keys and of addresses. It never changes, and no other brand ever gets it. */
	readonly id: string;
	readonly name: string;
	/** The origin that visitors see. */
	readonly url: string;
	/** BCP 47. */
	readonly locale: string;
	/** IANA, such as `Europe/Berlin`. Left out: UTC. */
	readonly timeZone?: string;
}

/** The brands that there are as long as none is configured. The first one has the administration. */
export const SAMPLE_BRANDS = [
	{ id: "acorn", name: "Acorn Outdoor", locale: "en" },
	{ id: "harbor", name: "Harbor Music", locale: "en" },
] as const;

const DEFAULT_LOCALE = "en";

/** How many brands a helpdesk has. The pages of the administration list all of them. */
export const MOST_BRANDS = 100;

/** A brand cannot be as it was asked for. The message says what to change. */
export class BrandError extends SaidError {
	override readonly name = "BrandError";

	/** @param about the part that is wrong; undefined: none of those that people type. */
	constructor(
		override readonly said: Message,
		readonly about?: "id" | "name" | "url",
	) {
		super(said);
	}
}

/** The address of a brand in the words of an error. */
export const EXAMPLE_ADDRESS = "https://help.example.com";

const ID = /^[a-z][a-z0-9-]{0,31}$/;

/** Endings that cookies and form fields of a brand have after its id. The texts `brand-rule.id` and `add-brand.id.unusable` name each. */
export const RESERVED_ENDINGS = ["-", "-device", "-anyway"];

export function isBrandId(id: string): boolean {
	return ID.test(id) && !RESERVED_ENDINGS.some((ending) => id.endsWith(ending));
}

/** Whether a URL is an origin in the form that browsers send, with https, or with http on loopback. */
export function isBrandUrl(url: string): boolean {
	const parsed = parseUrl(url);
	if (parsed === undefined) {
		return false;
	}
	const { origin, protocol, hostname } = parsed;
	return (
		origin === url && (protocol === "https:" || (protocol === "http:" && isLoopback(hostname)))
	);
}

/** @returns the tag in its usual spelling; undefined when it is not a language tag. */
export function localeTag(tag: string): string | undefined {
	try {
		return Intl.getCanonicalLocales(tag)[0];
	} catch {
		return undefined;
	}
}

/**
 * The facts about a brand with a name that is safe to show.
 *
 * @param typed a URL that is an origin already.
 * @throws BrandError about the first part that cannot be used.
 */
export function brandFacts(
	typed: Omit<BrandFacts, "locale"> & { readonly locale?: string },
): BrandFacts {
	const { id, url, timeZone } = typed;
	if (!isBrandId(id)) {
		throw new BrandError({ key: "brand-rule.id", values: { id } }, "id");
	}
	const name = displayName(typed.name);
	if (name === "") {
		throw new BrandError({ key: "brand-rule.name", values: { id } }, "name");
	}
	if (!isBrandUrl(url)) {
		throw new BrandError(
			{ key: "brand-rule.url", values: { url, id, example: EXAMPLE_ADDRESS } },
			"url",
		);
	}
	const locale = localeTag(typed.locale ?? DEFAULT_LOCALE);
	if (locale === undefined) {
		throw new BrandError({
			key: "brand-rule.language",
			values: { language: typed.locale ?? "", id },
		});
	}
	if (timeZone !== undefined && !isTimeZone(timeZone)) {
		throw new BrandError({ key: "brand-rule.time-zone", values: { timeZone, id } });
	}
	return { id, name, url, locale, ...(timeZone !== undefined && { timeZone }) };
}

/** A brand as other brands see it. */
export type NamedBrand = Pick<BrandFacts, "id" | "name"> & {
	/** Undefined: it is not known here. */
	readonly url?: string;
};

/** @throws BrandError when brands cannot stand beside each other: pages and files tell them apart by id, name and address. */
export function refuseTogether(brands: readonly NamedBrand[]): void {
	if (brands.length > MOST_BRANDS) {
		throw new BrandError({
			key: "brand-rule.too-many",
			values: { most: MOST_BRANDS, count: brands.length },
		});
	}
	for (const [index, brand] of brands.entries()) {
		for (const other of brands.slice(0, index)) {
			const [first, second] = [described(other), described(brand)];
			if (brand.id === other.id) {
				throw new BrandError({ key: "brand-rule.same-id", values: { first, second } }, "id");
			}
			if (brand.url !== undefined && brand.url === other.url) {
				throw new BrandError(
					{ key: "brand-rule.same-address", values: { first, second, url: brand.url } },
					"url",
				);
			}
			if ([brand.id, nameKey(brand)].some((word) => word === other.id || word === nameKey(other))) {
				throw new BrandError({ key: "brand-rule.same-name", values: { first, second } }, "name");
			}
		}
	}
}

/** A brand in a sentence. */
export function described({ id, name }: Pick<BrandFacts, "id" | "name">): string {
	return `${name} (${id})`;
}

function nameKey({ name }: Pick<BrandFacts, "name">): string {
	return name.toLowerCase();
}
