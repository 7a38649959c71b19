import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
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
}

/** Lets an operator log in as a visitor would, without any effect. */
export function trialPage({ plugin, brands, brand, begin, isLive }: TrialPage): Markup {
	const { manifest } = plugin.loaded;
	const { tryLogin } = integrationPaths(manifest.id);
	const tabs = brands.map(
		({ id, name }) =>
			html`<li><a href="${atBrand(tryLogin, id)}"${id === brand.id ? html` aria-current="page"` : ""}>${name}</a></li>`,
	);
	const lead = `A test log-in at ${brand.name}: you see what ${manifest.name} gives the helpdesk and what a visitor would see next.`;
	const body =
		typeof begin === "string"
			? html`<p>${obstacle(begin, plugin, brand)}</p>`
			: html`<p>${isLive ? "" : html`Visitors of ${brand.name} see no button yet. The test works nevertheless. `}It makes no account and no link, sends no e-mail, and does not count under <a href="${ADMIN_PATHS.signIns}">Sign-ins</a>.</p>
<p><a class="button" href="${begin.address}" target="_blank" rel="noopener noreferrer">Try it in a new tab</a></p><p class="help">You need an account at ${manifest.name}. This button works once and for ten minutes. Reload this page for another test.</p>`;
	return html`${pageHead(`${manifest.name}: try it as a visitor`, lead)}<ul class="tabs">${tabs}</ul><div class="card">${body}</div>`;
}

function obstacle(why: TrialObstacle, plugin: PluginHooks, brand: Brand): Markup {
	const { id, name } = plugin.loaded.manifest;
	const paths = integrationPaths(id);
	switch (why) {
		case "not-active":
			return html`${name} is not active, so nobody can log in with it. <a href="${ADMIN_PATHS.integrations}">Activate it</a> first.`;
		case "no-keys":
			return html`${brand.name} has no keys yet. <a href="${atBrand(paths.settings, brand.id)}">Enter its keys</a> first.`;
		case "no-trials":
			return plugin.can("simulate")
				? html`${name} offers no test log-in. The <a href="${atBrand(paths.simulator, brand.id)}">simulator</a> shows what visitors would see.`
				: html`${name} offers no test log-in.`;
	}
}
