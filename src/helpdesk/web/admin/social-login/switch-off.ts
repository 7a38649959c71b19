import type { Brand } from "../../../../contract/brands.ts";
import type { AddOn } from "../../../add-ons/add-on.ts";
import { PURGE_LINKS } from "../../../add-ons/jobs/purge-links.ts";
import { WRITE_LETTERS } from "../../../add-ons/jobs/write-letters.ts";
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
			return off.length === 0 ? undefined : switchOffStep(addOn, off);
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

function namesOf(brands: readonly Brand[]): string {
	return new Intl.ListFormat("en").format(brands.map(({ name }) => name));
}

async function brandsToSwitchOff(addOn: AddOn, c: AdminContext): Promise<readonly Brand[]> {
	const asked = c.req.queries("brand") ?? [];
	const switches = await brandSwitches(addOn);
	return switches
		.filter(({ brand, enabled }) => enabled && asked.includes(brand.id))
		.map(({ brand }) => brand);
}

function switchOffStep(addOn: AddOn, off: readonly Brand[]): WithdrawalStep {
	const { brands, plugin } = addOn;
	const { name } = plugin.loaded.manifest;
	const names = namesOf(off);
	const others = off.length === brands.length ? "" : " The other brands are set as you chose.";
	return {
		brands: off,
		question: {
			title: `Switch ${name} off at ${names}?`,
			consequence: `Nobody can log in with ${name} at ${names} until you switch it on again.${others}`,
			keep: "The links stay. When you switch it on again, everything is as before.",
			purge: plugin.can("purgeLinks")
				? `The links at ${names} are deleted for good, with all lists and exports of links. People who want to use ${name} again have to link it again.`
				: undefined,
			action: switchOffPath(addOn, off),
			button: "Submit",
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
