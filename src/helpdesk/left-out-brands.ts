import { SAMPLE_BRANDS } from "./brands/brand-rules.ts";
import { type HelpdeskCore, type HelpdeskOptions, storedBrandsIn } from "./helpdesk.ts";
import {
	connectedHelpdesksOf,
	handOffHelpdesksOf,
	NAMESPACES,
	pluginSettingsOf,
} from "./namespaces.ts";

/** A brand that the helpdesk does not serve, with people or settings that stay stored. */
export interface LeftOutBrand {
	readonly id: string;
	readonly name: string;
	/** Undefined: no address is known. */
	readonly url: string | undefined;
}

/**
 * The sample brands and configured brands that this start leaves out, and that have people or settings.
 *
 * @throws StorageError
 */
export async function leftOutBrands(
	core: Pick<HelpdeskCore, "brands" | "accounts" | "addOns">,
	options: Pick<HelpdeskOptions, "storage" | "clock">,
): Promise<readonly LeftOutBrand[]> {
	const { records } = await storedBrandsIn(options).all();
	const candidates: LeftOutBrand[] = [
		...SAMPLE_BRANDS.map(({ id, name }) => ({ id, name, url: undefined })),
	];
	for (const [id, { source, name, url }] of records) {
		if (source === "configured") {
			candidates.push({ id, name, url });
		}
	}
	// A note about a sample brand that was configured once knows more than its first name.
	const lastOfEach = new Map(candidates.map((brand) => [brand.id, brand]));
	const leftOut: LeftOutBrand[] = [];
	for (const brand of lastOfEach.values()) {
		if (core.brands.find(brand.id) === undefined && (await isUsed(brand.id, core, options))) {
			leftOut.push(brand);
		}
	}
	return leftOut;
}

async function isUsed(
	brandId: string,
	{ accounts, addOns }: Parameters<typeof leftOutBrands>[0],
	{ storage }: Parameters<typeof leftOutBrands>[1],
): Promise<boolean> {
	for (const place of [connectedHelpdesksOf(brandId), handOffHelpdesksOf(brandId)]) {
		if ((await storage.list(place, { limit: 1 })).entries.length > 0) {
			return true;
		}
	}
	if (await accounts.hasAnyAt(brandId)) {
		return true;
	}
	const { addOns: usable, broken } = await addOns.list();
	const pluginIds = [
		...usable.map(({ loaded }) => loaded.manifest.id),
		...broken.map(({ id }) => id),
	];
	for (const place of [NAMESPACES.registration, ...pluginIds.map(pluginSettingsOf)]) {
		if ((await storage.get([...place, brandId])) !== undefined) {
			return true;
		}
	}
	return false;
}
