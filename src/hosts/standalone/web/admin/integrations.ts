import type { Context, Hono } from "hono";
import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { InstalledPlugin } from "../../installed-plugin.ts";
import type { PluginSettings } from "../../plugin-settings.ts";
import { csrfField, type Markup } from "../layout.ts";
import type { VisitEnv } from "../visit.ts";
import { ADMIN_PATHS, notice, type ShowPage, textsOf } from "./admin-pages.ts";
import { privacyPath } from "./privacy.ts";
import { simulatorPath } from "./simulator.ts";

export interface IntegrationParts {
	readonly brands: readonly Brand[];
	readonly plugin: InstalledPlugin;
	readonly settings: PluginSettings;
	readonly show: ShowPage;
	readonly doneMessage: (c: AdminContext) => Markup;
}

type AdminContext = Context<VisitEnv>;

/** Which integrations there are, and whether they are active. */
export function integrationRoutes(app: Hono<VisitEnv>, parts: IntegrationParts): void {
	const { brands, plugin, settings, show, doneMessage } = parts;
	const { id } = plugin.loaded.manifest;
	const { integrations } = ADMIN_PATHS;

	const showIntegrations = async (c: AdminContext, message: Markup, status = 200) => {
		const active = await plugin.isActive();
		const complete = await Promise.all(brands.map((brand) => settings.isComplete(brand.id)));
		const missing = brands.filter((_, index) => !complete[index]).map(({ name }) => name);
		const page = integrationsPage(plugin, { active, missing }, c.var.visit.csrf, message);
		return show(c, "Third-Party Integrations", page, status);
	};
	app.get(integrations, async (c) => showIntegrations(c, doneMessage(c)));
	app.post(`${integrations}/${id}/activate`, async (c) => {
		try {
			await plugin.activate();
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			return showIntegrations(c, notice(`X could not be activated: ${reason}`, true), 409);
		}
		return c.redirect(`${integrations}?done=activated`, 303);
	});
	app.post(`${integrations}/${id}/deactivate`, async (c) => {
		await plugin.deactivate();
		return c.redirect(`${integrations}?done=deactivated`, 303);
	});
}

function integrationsPage(
	plugin: InstalledPlugin,
	state: { readonly active: boolean; readonly missing: readonly string[] },
	csrf: string,
	message: Markup,
): Markup {
	const { manifest } = plugin.loaded;
	const text = textsOf(plugin);
	const path = `${ADMIN_PATHS.integrations}/${manifest.id}`;
	const toggle = state.active ? "Deactivate" : "Activate";
	const settings = state.active ? html`<a href="${path}">Settings</a>` : "";
	const simulator = plugin.can("simulate")
		? html`<a href="${simulatorPath(plugin)}">Simulator</a>`
		: "";
	const links =
		state.active && plugin.can("importLinks")
			? html`<a href="${path}/links">Links</a>`
			: plugin.can("exportLinks")
				? html`<a href="${path}/links.csv">Export links</a>`
				: "";
	const policy = privacyPath(plugin);
	const privacy =
		policy === undefined ? "" : html` <a href="${policy}">Text for your privacy policy</a>`;
	const setup =
		state.active && state.missing.length > 0
			? html`<p class="help">Needs set-up for ${state.missing.join(", ")}: <a href="${path}">enter the keys</a>.</p>`
			: "";
	return html`<p class="breadcrumb">Settings › General</p><h1>Third-Party Integrations</h1>${message}
<table><thead><tr><th scope="col">Actions</th><th scope="col">Integration</th><th scope="col">Status</th></tr></thead><tbody><tr>
<td><div class="row-actions"><form method="post" action="${path}/${toggle.toLowerCase()}">${csrfField(csrf)}<button class="link" type="submit">${toggle}</button></form>${settings}${simulator}${links}</div></td>
<td><strong>${manifest.name}</strong> <span class="soft">${manifest.version}</span><p class="help">${text(manifest.texts.description)}</p><p class="help">${text(manifest.texts.privacy)}${privacy}</p></td>
<td>${state.active ? "Active" : "Disabled"}${setup}</td></tr></tbody></table>`;
}
