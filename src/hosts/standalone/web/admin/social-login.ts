import type { Context, Hono } from "hono";
import type { Brand } from "../../../../contract/brands.ts";
import type { InstalledPlugin } from "../../installed-plugin.ts";
import type { PluginSettings } from "../../plugin-settings.ts";
import { hasFailed, type SetUpTests } from "../../set-up-tests.ts";
import type { Markup } from "../layout.ts";
import { field, type VisitEnv } from "../visit.ts";
import { ADMIN_PATHS, notice, type ShowPage } from "./admin-pages.ts";
import { anywayOf, manageLoginPage, socialLoginPage } from "./social-login-page.ts";

export interface SocialLoginParts {
	readonly brands: readonly Brand[];
	readonly plugin: InstalledPlugin;
	readonly settings: PluginSettings;
	readonly tests: SetUpTests;
	readonly show: ShowPage;
	readonly doneMessage: (c: AdminContext) => Markup;
}

type AdminContext = Context<VisitEnv>;

/** On which brands' pages a plugin's button is. */
export function socialLoginRoutes(app: Hono<VisitEnv>, parts: SocialLoginParts): void {
	const { brands, plugin, settings, tests, show, doneMessage } = parts;
	const { id } = plugin.loaded.manifest;
	const { socialLogin } = ADMIN_PATHS;

	const brandStates = () =>
		Promise.all(
			brands.map(async (brand) => ({
				brand,
				enabled: (await settings.read(brand.id)).enabled,
				complete: await settings.isComplete(brand.id),
				test: await tests.last(brand.id),
			})),
		);
	app.get(socialLogin, async (c) => {
		const offered =
			(await plugin.isActive()) && (await brandStates()).some(({ complete }) => complete);
		return show(c, "Social Login", socialLoginPage(plugin, offered));
	});
	app.get(`${socialLogin}/${id}`, async (c) => {
		const page = manageLoginPage(plugin, await brandStates(), c.var.visit.csrf, doneMessage(c));
		return show(c, "Social Login", page);
	});
	app.post(`${socialLogin}/${id}`, async (c) => {
		const { form } = c.var.visit;
		const refused: string[] = [];
		for (const { brand, complete, enabled, test } of await brandStates()) {
			const wanted = field(form, brand.id) !== undefined && complete;
			const anyway = field(form, anywayOf(brand.id)) !== undefined;
			if (wanted && !enabled && hasFailed(test) && !anyway) {
				refused.push(brand.name);
			} else {
				await settings.enable(brand.id, wanted);
			}
		}
		if (refused.length > 0) {
			const message = notice(
				`${refused.join(", ")}: the last test failed, so it was not switched on. Mend what the test found, or check “Switch on anyway”.`,
				true,
			);
			const page = manageLoginPage(plugin, await brandStates(), c.var.visit.csrf, message);
			return show(c, "Social Login", page, 409);
		}
		return c.redirect(`${socialLogin}/${id}?done=submitted`, 303);
	});
}
