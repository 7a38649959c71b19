import type { Brand } from "../../../../contract/brands.ts";
import type { AddOn } from "../../../add-ons/add-on.ts";
import { PURGE_LINKS } from "../../../add-ons/jobs/purge-links.ts";
import { WRITE_LETTERS } from "../../../add-ons/jobs/write-letters.ts";
import type { Locale } from "../../../locale/locale.ts";
import type { AdminContext } from "../admin-pages.ts";
import { doneQuery } from "../done-message.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ANY_PLUGIN, socialLoginPaths } from "../paths.ts";
import type { WithdrawalAnswer } from "../withdrawal/withdrawal-page.ts";
import {
	type WithdrawalParts,
	type WithdrawalStep,
	withdrawalRoute,
} from "../withdrawal/withdrawal-route.ts";
import { brandSwitches } from "./brand-switches.ts";

/** The route to switch a plugin off at brands where people use it. */
export function switchOffRoute(app: OperatorApp, parts: WithdrawalParts): void {
	withdrawalRoute(app, parts, {
		path: socialLoginPaths(ANY_PLUGIN).switchOff,
		instead: managePath,
		stepOf: async (addOn, c) => {
			const off = await brandsToSwitchOff(addOn, c);
			return off.length === 0 ? undefined : switchOffStep(addOn, off, c.var.visit.locale);
		},
	});
}

export function managePath({ loaded }: AddOn): string {
	return socialLoginPaths(loaded.manifest.id).manage;
}

/** The address of the page that asks before these brands are switched off. */
export function switchOffPath({ loaded }: AddOn, off: readonly Brand[]): string {
	const brands = off.map(({ id }) => `brand=${encodeURIComponent(id)}`).join("&");
	return `${socialLoginPaths(loaded.manifest.id).switchOff}?${brands}`;
}

async function brandsToSwitchOff(addOn: AddOn, c: AdminContext): Promise<readonly Brand[]> {
	const asked = c.req.queries("brand") ?? [];
	const switches = await brandSwitches(addOn);
	return switches
		.filter(({ brand, enabled }) => enabled && asked.includes(brand.id))
		.map(({ brand }) => brand);
}

function switchOffStep(addOn: AddOn, off: readonly Brand[], locale: Locale): WithdrawalStep {
	const { text } = locale;
	const { brands, plugin } = addOn;
	const { name } = plugin.loaded.manifest;
	const named = { name, brands: locale.list(off.map((brand) => brand.name)) };
	const others = off.length === brands.length ? "" : ` ${text("switch-off.others")}`;
	return {
		brands: off,
		question: {
			title: text("switch-off.title", named),
			consequence: `${text("switch-off.consequence", named)}${others}`,
			keep: text("switch-off.keep"),
			purge: plugin.can("purgeLinks") ? text("switch-off.purge", named) : undefined,
			action: switchOffPath(addOn, off),
			button: text("switch-off.submit"),
			back: managePath(addOn),
		},
		carryOut: (answer) => carryOut(addOn, off, answer),
	};
}

async function carryOut(
	addOn: AddOn,
	off: readonly Brand[],
	{ data, letters: writes }: WithdrawalAnswer,
): ReturnType<WithdrawalStep["carryOut"]> {
	const purges = data === "purge";
	const next = (letters?: number) =>
		`${managePath(addOn)}?${doneQuery(purges ? "switched-off-purged" : "submitted", letters)}`;
	const brandIds = off.map(({ id }) => id);
	if (purges || writes) {
		const { id: addOnId } = addOn.loaded.manifest;
		const params = { addOnId, brandIds, deactivates: false, letters: writes };
		return { next, job: { type: purges ? PURGE_LINKS : WRITE_LETTERS, params } };
	}
	for (const brandId of brandIds) {
		await addOn.settings.enable(brandId, false);
	}
	return { next };
}
