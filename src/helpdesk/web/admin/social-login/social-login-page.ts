import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { AddOn } from "../../../add-ons/add-on.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import { hasFailed, type SetUpResult } from "../../../add-ons/set-up-results.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { ADMIN_PATHS } from "../admin-pages.ts";

const { integrations: INTEGRATIONS, socialLogin: SOCIAL_LOGIN } = ADMIN_PATHS;

/** @param offered those that are active and set up. */
export function socialLoginPage(offered: readonly AddOn[]): Markup {
	const rows = offered.map(
		({ loaded: { manifest } }) =>
			html`<tr><td><strong>${manifest.name}</strong></td><td><a href="${SOCIAL_LOGIN}/${manifest.id}">Manage</a></td></tr>`,
	);
	const list =
		rows.length > 0
			? html`<table><thead><tr><th scope="col">Integration</th><th scope="col">Actions</th></tr></thead><tbody>${rows}</tbody></table>`
			: html`<p>No integration is active and set up.</p>`;
	return html`<p class="breadcrumb">Settings › Users</p><h1>Social Login</h1>${list}
<p class="help">To add or set up a way to log in, go to <a href="${INTEGRATIONS}">Third-Party Integrations</a>.</p>`;
}

/** The field that switches a brand on although its last test failed. */
export function anywayOf(brandId: string): string {
	return `${brandId}-anyway`;
}

export function manageLoginPage(
	plugin: PluginHooks,
	brands: readonly {
		readonly brand: Brand;
		readonly enabled: boolean;
		/** To be switched on, and refused so far. */
		readonly wanted?: boolean;
		readonly complete: boolean;
		readonly test: SetUpResult | undefined;
	}[],
	csrf: string,
	message: Markup,
): Markup {
	const { id, name } = plugin.loaded.manifest;
	const toggles = brands.map(({ brand, enabled, wanted = enabled, complete, test }) => {
		const state = complete
			? wanted
				? html` checked`
				: ""
			: html` disabled aria-describedby="why-${brand.id}"`;
		const why = complete
			? ""
			: html`<p class="help" id="why-${brand.id}">${brand.name} has no keys yet, so it cannot be switched on. <a href="${INTEGRATIONS}/${id}?brand=${brand.id}">Enter its keys</a>.</p>`;
		const failed =
			complete && !enabled && hasFailed(test)
				? html`<div><p class="problem">The last test failed: <a href="${INTEGRATIONS}/${id}?brand=${brand.id}#test">see what to mend</a>.</p><label class="toggle"><input type="checkbox" name="${anywayOf(brand.id)}">Switch ${brand.name} on anyway</label></div>`
				: "";
		return html`<div class="choice"><label class="toggle"><input type="checkbox" role="switch" name="${brand.id}"${state}>${brand.name}</label>${why}${failed}</div>`;
	});
	return html`<p class="breadcrumb">Settings › Users › <a href="${SOCIAL_LOGIN}">Social Login</a></p><h1>${name}: brands</h1>${message}
<div class="card"><p>Brands that are checked show the button on their log-in and register pages.</p><form method="post" action="${SOCIAL_LOGIN}/${id}">${csrfField(csrf)}${toggles}<div class="actions"><button type="submit">Submit</button></div></form></div>`;
}
