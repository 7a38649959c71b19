import type { Brand } from "../../../../contract/brands.ts";
import type { FormField } from "../../../../contract/login-request.ts";
import type { AddOn } from "../../../add-ons/add-on.ts";
import { hasFailed, type SetUpResult } from "../../../add-ons/set-up-results.ts";
import { field } from "../../visit.ts";

/** Whether a plugin's button is on a brand's pages, and what stands in the way. */
export interface BrandSwitch {
	readonly brand: Brand;
	readonly enabled: boolean;
	/** Whether its settings can be read. Where not, the switch stays as it is. */
	readonly readable: boolean;
	/** Whether the brand has all the settings that the plugin needs. */
	readonly complete: boolean;
	readonly test: SetUpResult | undefined;
}

/** The result of a form that switches brands on and off. */
export interface SwitchedBrands {
	/** The brands that stay off, because their last test failed. */
	readonly refused: readonly Brand[];
	/** The brands that stay on until the operator has seen who is affected. */
	readonly unsettled: readonly Brand[];
}

/** The field that switches a brand on although its last test failed. */
export function anywayOf(brandId: string): string {
	return `${brandId}-anyway`;
}

/** The field with the ids of the brands that a form shows, separated by commas. No id of a brand begins like it. */
export const SHOWN_BRANDS = "_brands";

/** @param shown some brands of the add-on. Left out: all of them. */
export function brandSwitches(
	{ brands, settings, tests }: AddOn,
	shown: readonly Brand[] = brands,
): Promise<BrandSwitch[]> {
	return Promise.all(
		shown.map(async (brand) => {
			const missing = await settings.missing(brand.id);
			const readable = missing !== undefined;
			return {
				brand,
				readable,
				enabled: readable && (await settings.read(brand.id)).enabled,
				complete: missing?.length === 0,
				test: await tests.last(brand.id),
			};
		}),
	);
}

/**
 * Switches the brands of a form, except those that need another decision first. A brand that was added after the form was
 * opened stays as it is. A form that does not say which brands it shows is about all of them.
 */
export async function switchBrands(
	addOn: AddOn,
	form: readonly FormField[],
): Promise<SwitchedBrands> {
	const refused: Brand[] = [];
	const unsettled: Brand[] = [];
	const shown = field(form, SHOWN_BRANDS)?.split(",");
	const switches = (await brandSwitches(addOn)).filter(
		({ readable, brand: { id } }) => readable && (shown?.includes(id) ?? true),
	);
	for (const { brand, complete, enabled, test } of switches) {
		const wanted = field(form, brand.id) !== undefined && complete;
		const anyway = field(form, anywayOf(brand.id)) !== undefined;
		if (wanted && !enabled && hasFailed(test) && !anyway) {
			refused.push(brand);
		} else if (enabled && !wanted && (await concernsAnybody(addOn, brand))) {
			unsettled.push(brand);
		} else {
			await addOn.settings.enable(brand.id, wanted);
		}
	}
	return { refused, unsettled };
}

async function concernsAnybody({ withdrawal }: AddOn, brand: Brand): Promise<boolean> {
	return (await withdrawal.concerns([brand.id]))?.length !== 0;
}
