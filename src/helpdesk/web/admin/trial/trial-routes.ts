import type { Brand } from "../../../../contract/brands.ts";
import { type AddOn, isActive } from "../../../add-ons/add-on.ts";
import type { TrialTickets } from "../../../add-ons/trial-tickets.ts";
import { trialPath } from "../../../brands/brand-addresses.ts";
import type { ShowPage } from "../admin-pages.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ANY_PLUGIN, integrationPaths } from "../paths.ts";
import { settingsCrumb } from "../settings/settings-crumb.ts";
import { type TrialPage, trialPage } from "./trial-page.ts";

export interface TrialParts {
	readonly trialTickets: TrialTickets;
	readonly show: ShowPage;
}

/** Leads an operator to a test log-in at the portal of a brand. */
export function trialRoutes(app: OperatorApp, { trialTickets, show }: TrialParts): void {
	app.get(integrationPaths(ANY_PLUGIN).tryLogin, async (c) => {
		const { addOn } = c.var;
		const { brands, plugin, settings } = addOn;
		const asked = c.req.query("brand");
		const brand = asked === undefined ? brands[0] : brands.find(({ id }) => id === asked);
		if (brand === undefined) {
			return c.notFound();
		}
		const { enabled } = await settings.read(brand.id);
		const begin = await beginAt(addOn, brand, trialTickets);
		const { locale } = c.var.visit;
		const page = trialPage({ plugin, brands, brand, begin, isLive: enabled, locale });
		const title = locale.text("trial.title", { name: plugin.loaded.manifest.name });
		return show(c, { title, trail: [settingsCrumb(plugin, locale)] }, page);
	});
}

async function beginAt(
	addOn: AddOn,
	brand: Brand,
	tickets: TrialTickets,
): Promise<TrialPage["begin"]> {
	if (!isActive(addOn)) {
		return "not-active";
	}
	if (addOn.loaded.canTry !== true) {
		return "no-trials";
	}
	if (!(await addOn.settings.isComplete(brand.id))) {
		return "no-keys";
	}
	const { id: pluginId } = addOn.loaded.manifest;
	const ticket = tickets.issue({ pluginId, brandId: brand.id });
	return { address: `${brand.baseUrl}${trialPath(pluginId)}?ticket=${ticket}` };
}
