import type { Brand } from "../../../../contract/brands.ts";
import type { ShowPage } from "../admin-pages.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ANY_PLUGIN, integrationPaths } from "../paths.ts";
import { settingsCrumb } from "../settings/settings-crumb.ts";
import { privacyPage, privacyPath } from "./privacy-page.ts";

export interface PrivacyParts {
	readonly brands: readonly Brand[];
	readonly show: ShowPage;
}

/** Shows a plugin's text for a brand's privacy policy, in each of its languages, to be copied. */
export function privacyRoutes(app: OperatorApp, parts: PrivacyParts): void {
	const { brands, show } = parts;
	app.get(integrationPaths(ANY_PLUGIN).privacy, async (c) => {
		const { plugin } = c.var.addOn;
		const asked = c.req.query("brand");
		const brand = asked === undefined ? brands[0] : brands.find(({ id }) => id === asked);
		if (brand === undefined || privacyPath(plugin) === undefined) {
			return c.notFound();
		}
		const { locale } = c.var.visit;
		const title = locale.text("privacy.title", { name: plugin.loaded.manifest.name });
		return show(
			c,
			{ title, trail: [settingsCrumb(plugin, locale)] },
			privacyPage(plugin, brands, brand, locale),
		);
	});
}
