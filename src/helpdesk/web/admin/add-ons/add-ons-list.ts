import { signerOf } from "../../../../artifact/zip/signature.ts";
import type { Brand } from "../../../../contract/brands.ts";
import type { Marketplace } from "../../../add-on-install/folder-marketplace.ts";
import type { PackageInstaller, SwitchEnd } from "../../../add-on-install/package-installer.ts";
import { manifestIn, type Review } from "../../../add-on-install/package-review.ts";
import type { AddOn } from "../../../add-ons/add-on.ts";
import type { AddOns, BrokenAddOn } from "../../../add-ons/add-ons.ts";
import type { PackageStore } from "../../../add-ons/package-store.ts";
import { type Markup, notice } from "../../layout.ts";
import type { AdminContext, ShowPage } from "../admin-pages.ts";
import { doneQuery } from "../done-message.ts";
import type { JobStarters } from "../jobs/start-job.ts";
import { ROWS_PER_PAGE, rowsAfter } from "../list-pager.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { type AddOnRow, addOnsPage, type BrokenRow, type OfferedPackage } from "./add-ons-page.ts";

export interface AddOnParts extends JobStarters {
	readonly brands: readonly Brand[];
	readonly addOns: AddOns;
	readonly packages: PackageStore;
	readonly installer: PackageInstaller;
	/** The packages on offer besides those that are uploaded. */
	readonly marketplace: Marketplace;
	readonly review: Review;
	/** Whether only packages that certain publishers signed are installed. */
	readonly trustsKeys: boolean;
	/** Milliseconds since the epoch. */
	readonly now: () => number;
	readonly show: ShowPage;
}

/** Shows the installed add-ons and the packages on offer. */
export async function showAddOns(
	c: AdminContext,
	parts: AddOnParts,
	message: Markup,
	status = 200,
): Promise<Response> {
	const { csrf, locale } = c.var.visit;
	const { addOns: found, broken } = await parts.addOns.list();
	const shown = broken.slice(0, ROWS_PER_PAGE);
	const installed = rowsAfter(found, ({ loaded }) => loaded.manifest.id, c.req.query("after"));
	const offers = rowsAfter(await parts.marketplace.list(), (file) => file, c.req.query("offer"));
	const page = addOnsPage({
		installed: {
			...installed,
			rows: await Promise.all(installed.rows.map((addOn) => rowOf(addOn, parts))),
		},
		broken: await Promise.all(shown.map((each) => brokenRowOf(each, parts))),
		moreBroken: broken.length - shown.length,
		offers: { ...offers, rows: await offeredBy(parts.marketplace, offers.rows, found) },
		...{ locale, csrf, message },
	});
	// The breadcrumb knows by the menu's words that a refused form shows this page once more.
	return parts.show(c, locale.text("menu.add-ons"), page, status);
}

/** Shows the add-ons again, with the reason why nothing was done. */
export function refuse(
	c: AdminContext,
	parts: AddOnParts,
	sentence: string,
	status: number,
): Promise<Response> {
	return showAddOns(c, parts, notice(sentence, true), status);
}

/** The address of the list, after a switch to another version of an add-on. */
export function listAfterSwitch({ pluginId }: Extract<SwitchEnd, { kind: "done" }>): string {
	return `${ADMIN_PATHS.addOns}?${doneQuery("installed")}&add-on=${pluginId}`;
}

async function rowOf(addOn: AddOn, parts: AddOnParts): Promise<AddOnRow> {
	const { addOns, packages, review, trustsKeys } = parts;
	const { current } = addOn.record;
	const stored = current && (await packages.find(current.sha256));
	return {
		addOn,
		state: await addOn.plugin.state(),
		signer: stored?.signature && signerOf(stored.zip, stored.signature),
		isTrusted:
			!trustsKeys || current?.bundled || (stored && (await review(stored)).isTrusted) !== false,
		isBundled: addOns.slot(addOn.loaded.manifest.id).isBundled,
	};
}

async function brokenRowOf(
	addOn: BrokenAddOn,
	{ addOns }: Pick<AddOnParts, "addOns">,
): Promise<BrokenRow> {
	const { isBundled, states } = addOns.slot(addOn.id);
	return { ...addOn, isBundled, isEmptying: await states.isEmptying() };
}

async function offeredBy(
	marketplace: Marketplace,
	fileNames: readonly string[],
	installed: readonly AddOn[],
): Promise<OfferedPackage[]> {
	const offered: OfferedPackage[] = [];
	for (const fileName of fileNames) {
		const found = await marketplace.read(fileName);
		const manifest = found && manifestIn(found.zip);
		const same = installed.find(({ loaded }) => loaded.manifest.id === manifest?.id);
		offered.push({ fileName, manifest, installed: same });
	}
	return offered;
}
