import type { LinkSource } from "../people/jobs/index-people.ts";
import type { AddOn } from "./add-on.ts";

/** The add-ons that can tell what is linked to whom: all links at once, or those of each user. */
export function linkSourcesOf(addOns: readonly AddOn[]): readonly LinkSource[] {
	return addOns
		.filter(({ plugin }) => plugin.can("exportLinks") || plugin.can("listLinkedAccounts"))
		.map(({ loaded, plugin }) => ({
			addOn: loaded.manifest.id,
			pageOf: plugin.can("exportLinks")
				? (brandId, cursor) => plugin.exportLinks(brandId, cursor)
				: undefined,
		}));
}
