import type { Brand } from "../../../../contract/brands.ts";
import type { BrandHandOffs } from "../../../hand-off/open-hand-offs.ts";
import type { BrandConnections, OpenIdProviders } from "../../../openid/open-openid.ts";
import type { Place } from "../../visit.ts";
import type { AdminContext, ShowPage } from "../admin-pages.ts";
import type { JobStarters } from "../jobs/start-job.ts";
import { atBrand } from "../paths.ts";

export interface ConnectedHelpdeskParts extends JobStarters {
	readonly place: Place;
	readonly brands: readonly Brand[];
	readonly openid: OpenIdProviders;
	readonly handOffs: BrandHandOffs;
	readonly logError: (what: string, error: unknown) => void;
	readonly show: ShowPage;
}

/** A brand, and what it is connected to. */
export interface HelpdeskPlace extends BrandConnections {
	readonly brand: Brand;
}

/** The brand in the query, the first one where none is named; undefined for an unknown one. */
export function placeIn(
	c: AdminContext,
	{ brands, openid }: Pick<ConnectedHelpdeskParts, "brands" | "openid">,
): HelpdeskPlace | undefined {
	const asked = c.req.query("brand");
	const brand = asked === undefined ? brands[0] : brands.find(({ id }) => id === asked);
	return brand && { ...openid.of(brand), brand };
}

/** A page about a brand, with a message about what was done. */
export function donePath(path: string, brandId: string, done: string): string {
	return `${atBrand(path, brandId)}&done=${done}`;
}

/** The helpdesks that a brand is connected to, of every kind, besides one. @param id left out: all of them. */
export async function othersThan(
	{ brand, helpdesks }: HelpdeskPlace,
	{ handOffs }: Pick<ConnectedHelpdeskParts, "handOffs">,
	id?: string,
): Promise<readonly { readonly id: string; readonly name: string }[]> {
	const signed = await handOffs.of(brand.id).helpdesks.all();
	return [...(await helpdesks.all()), ...signed].filter((other) => other.id !== id);
}
