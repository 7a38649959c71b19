import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import type { Locale } from "../../../locale/locale.ts";
import type { Markup } from "../../layout.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS, atBrand, integrationPaths } from "../paths.ts";

/** What stands in the way of a test log-in. */
type TrialObstacle = "not-active" | "no-keys" | "no-trials";

export interface TrialPage {
	readonly plugin: PluginHooks;
	readonly brands: readonly Brand[];
	readonly brand: Brand;
	/** The address at the brand's portal that begins a test log-in, or why there is none. */
	readonly begin: { readonly address: string } | TrialObstacle;
	/** Whether visitors of the brand see the button. */
	readonly isLive: boolean;
	readonly locale: Locale;
}

/** Lets an operator log in as a visitor would, without any effect. */
export function trialPage(page: TrialPage): Markup {
	const { plugin, brands, brand, begin, locale } = page;
	const { id: pluginId, name } = plugin.loaded.manifest;
	const { tryLogin } = integrationPaths(pluginId);
	const tabs = brands.map(
		(each) =>
			html`<li><a href="${atBrand(tryLogin, each.id)}"${each.id === brand.id ? html` aria-current="page"` : ""}>${each.name}</a></li>`,
	);
	const title = locale.text("trial.title", { name });
	const lead = locale.text("trial.lead", { brand: brand.name, name });
	const body =
		typeof begin === "string" ? html`<p>${obstacle(begin, page)}</p>` : begins(begin.address, page);
	return html`${pageHead(title, lead)}<ul class="tabs">${tabs}</ul><div class="card">${body}</div>`;
}

function begins(
	address: string,
	{ plugin, brand, isLive, locale: { text, markup } }: TrialPage,
): Markup {
	const { name } = plugin.loaded.manifest;
	const noButton = isLive ? "" : `${text("trial.no-button", { brand: brand.name })} `;
	const effect = markup("trial.effect", {}, { link: linkTo(ADMIN_PATHS.signIns) });
	return html`<p>${noButton}${effect}</p>
<p><a class="button" href="${address}" target="_blank" rel="noopener noreferrer">${text("trial.begin")}</a></p><p class="help">${text("trial.begin.help", { name })}</p>`;
}

function obstacle(why: TrialObstacle, { plugin, brand, locale }: TrialPage): Markup | string {
	const { id, name } = plugin.loaded.manifest;
	const { text, markup } = locale;
	const paths = integrationPaths(id);
	switch (why) {
		case "not-active":
			return markup("trial.not-active", { name }, { link: linkTo(ADMIN_PATHS.integrations) });
		case "no-keys": {
			const settings = atBrand(paths.settings, brand.id);
			return markup("trial.no-keys", { brand: brand.name }, { link: linkTo(settings) });
		}
		case "no-trials": {
			const simulator = atBrand(paths.simulator, brand.id);
			return plugin.can("simulate")
				? markup("trial.none-but-simulator", { name }, { link: linkTo(simulator) })
				: text("trial.none", { name });
		}
	}
}

function linkTo(path: string): (content: Markup) => Markup {
	return (content) => html`<a href="${path}">${content}</a>`;
}
