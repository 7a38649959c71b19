import type { Brand } from "../../../../contract/brands.ts";
import type { AddOn } from "../../../add-ons/add-on.ts";
import { notice } from "../../layout.ts";
import type { ShowPage } from "../admin-pages.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ANY_PLUGIN, integrationPaths } from "../paths.ts";
import { settingsCrumb } from "../settings/settings-crumb.ts";
import { answersIn, simulatorPage } from "./simulator-page.ts";

export interface SimulatorParts {
	readonly brands: readonly Brand[];
	readonly show: ShowPage;
}

/**
 * Shows what a visitor would see in a case that the administrator makes up. The address of the page holds the case, so
 * that it can be shared.
 */
export function simulatorRoutes(app: OperatorApp, parts: SimulatorParts): void {
	const { brands, show } = parts;

	app.get(integrationPaths(ANY_PLUGIN).simulator, async (c) => {
		const { plugin } = c.var.addOn;
		const { locales, manifest } = plugin.loaded;
		const asked = c.req.query();
		const brand =
			asked["brand"] === undefined ? brands[0] : brands.find(({ id }) => id === asked["brand"]);
		if (brand === undefined || !plugin.can("simulate")) {
			return c.notFound();
		}
		const language =
			[asked["language"], brand.locale].find((tag) => locales.has(tag ?? "")) ??
			manifest.locales.default;
		const { locale } = c.var.visit;
		const { name } = manifest;
		const title = locale.text("simulator.title", { name });
		const head = { title, trail: [settingsCrumb(plugin, locale)] };
		const simulation = await plugin.simulate({
			brandId: brand.id,
			locale: locale.tag,
			visitorLocale: language,
			answers: answersIn(asked),
		});
		if (simulation === undefined) {
			return show(c, head, notice(locale.text("simulator.failed", { name }), true), 500);
		}
		const isLive = await isShownToVisitors(c.var.addOn, brand);
		const shown = { plugin, brands, brand, language, isLive, simulation, locale };
		return show(c, head, simulatorPage(shown));
	});
}

async function isShownToVisitors({ plugin, settings }: AddOn, { id }: Brand): Promise<boolean> {
	const { enabled } = await settings.read(id);
	return enabled && (await plugin.isActive()) && (await settings.isComplete(id));
}
