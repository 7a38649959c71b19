import type { Context, Hono } from "hono";
import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { InstalledPlugin } from "../../installed-plugin.ts";
import type { MissingSetting, PluginSettings } from "../../plugin-settings.ts";
import type { PluginState } from "../../plugin-states.ts";
import { csrfField, type Markup } from "../layout.ts";
import type { VisitEnv } from "../visit.ts";
import { ADMIN_PATHS, notice, type Texts, textsOf } from "./admin-pages.ts";
import { linksPath } from "./links.ts";
import { privacyPath } from "./privacy.ts";
import { simulatorPath } from "./simulator.ts";
import { pluginWithdrawalRoutes, type WithdrawalParts } from "./withdrawal.ts";

export interface IntegrationParts extends WithdrawalParts {
	readonly settings: PluginSettings;
	readonly doneMessage: (c: AdminContext) => Markup;
}

type AdminContext = Context<VisitEnv>;

/** A brand at which an active plugin cannot work yet. */
interface UnreadyBrand {
	readonly brand: Brand;
	readonly missing: readonly MissingSetting[];
}

/** Which integrations there are, and how each of them does. */
export function integrationRoutes(app: Hono<VisitEnv>, parts: IntegrationParts): void {
	const { brands, plugin, settings, show, doneMessage } = parts;
	const { id, name } = plugin.loaded.manifest;
	const { integrations } = ADMIN_PATHS;

	const showIntegrations = async (c: AdminContext, message: Markup, code = 200) => {
		const state = await plugin.state();
		const found = await Promise.all(
			brands.map(async (brand) => ({ brand, missing: await settings.missing(brand.id) })),
		);
		const unready = found.filter(({ missing }) => missing.length > 0);
		const status = statusOf(plugin, state, unready, unready.length < brands.length);
		const page = integrationsPage(plugin, state, status, c.var.visit.csrf, message);
		return show(c, "Third-Party Integrations", page, code);
	};
	app.get(integrations, async (c) => showIntegrations(c, doneMessage(c)));
	app.post(`${integrations}/${id}/activate`, async (c) => {
		if (!(await plugin.isInstalled())) {
			return c.redirect(integrations, 303);
		}
		try {
			await plugin.activate();
		} catch {
			// Why is part of the plugin's state now, and on the page.
			const message = notice(`${name} could not be activated. The reason is below.`, true);
			return showIntegrations(c, message, 409);
		}
		return c.redirect(`${integrations}?done=activated`, 303);
	});
	pluginWithdrawalRoutes(app, parts);
}

function integrationsPage(
	plugin: InstalledPlugin,
	state: PluginState,
	status: Markup,
	csrf: string,
	message: Markup,
): Markup {
	const { manifest } = plugin.loaded;
	const text = textsOf(plugin);
	const path = `${ADMIN_PATHS.integrations}/${manifest.id}`;
	const button = (label: string, action = label.toLowerCase()): Markup =>
		html`<form method="post" action="${path}/${action}">${csrfField(csrf)}<button class="link" type="submit">${label}</button></form>`;
	const settings = html`<a href="${path}">Settings</a>`;
	const simulator = plugin.can("simulate")
		? html`<a href="${simulatorPath(plugin)}">Simulator</a>`
		: "";
	const links = plugin.can("importLinks")
		? html`<a href="${linksPath(manifest.id)}">Links</a>`
		: "";
	const exported = plugin.can("exportLinks")
		? html`<a href="${linksPath(manifest.id)}.csv">Export links</a>`
		: "";
	const actions: Readonly<Record<PluginState["kind"], readonly (Markup | string)[]>> = {
		active: [button("Deactivate"), settings, simulator, links, button("Uninstall")],
		disabled: [button("Activate"), simulator, exported, button("Uninstall")],
		failed: [button("Activate"), simulator, exported, button("Uninstall")],
		"not-installed":
			state.kind === "not-installed" && state.kept
				? [button("Install"), exported, button("Delete what was kept", "delete-kept")]
				: [button("Install")],
	};
	const policy = privacyPath(plugin);
	const privacy =
		policy === undefined ? "" : html` <a href="${policy}">Text for your privacy policy</a>`;
	return html`<p class="breadcrumb">Settings › General</p><h1>Third-Party Integrations</h1>${message}
<table><thead><tr><th scope="col">Actions</th><th scope="col">Integration</th><th scope="col">Status</th></tr></thead><tbody><tr>
<td><div class="row-actions">${actions[state.kind]}</div></td>
<td><strong>${manifest.name}</strong> <span class="soft">${manifest.version}</span><p class="help">${text(manifest.texts.description)}</p><p class="help">${text(manifest.texts.privacy)}${privacy}</p></td>
<td>${status}</td></tr></tbody></table>`;
}

function statusOf(
	plugin: InstalledPlugin,
	state: PluginState,
	unready: readonly UnreadyBrand[],
	isAnyReady: boolean,
): Markup {
	switch (state.kind) {
		case "active":
			return html`${isAnyReady ? "Active" : "Needs set-up"}${unready.map((each) => setUpNote(plugin, each))}`;
		case "disabled":
			return html`Disabled`;
		case "not-installed":
			return html`Not installed<p class="help">${state.kept ? "What it stored is kept for when you install it again." : "Nothing of it is stored."}</p>`;
		case "failed": {
			const { reason, since } = state.failure;
			const when = new Date(since).toISOString().slice(0, 16).replace("T", " ");
			const { id } = plugin.loaded.manifest;
			return html`Failed<p class="problem">${reason === "" ? "It gave no reason." : reason}</p>
<p class="help">Since ${when} UTC. Mend this, then press Activate again. The helpdesk's log says more, in the lines “the hook onActivate of ${id} failed”.</p>`;
		}
	}
}

function setUpNote(plugin: InstalledPlugin, { brand, missing }: UnreadyBrand): Markup {
	const text = textsOf(plugin);
	const absent = missing.filter(({ isSealed }) => !isSealed);
	const sealed = missing.filter(({ isSealed }) => isSealed);
	const reasons = [
		...(absent.length === 0
			? []
			: [`${labels(absent, text)} ${absent.length === 1 ? "is" : "are"} missing`]),
		...(sealed.length === 0
			? []
			: [`${labels(sealed, text)} cannot be read, because the key file is another one`]),
	];
	const path = `${ADMIN_PATHS.integrations}/${plugin.loaded.manifest.id}?brand=${encodeURIComponent(brand.id)}`;
	return html`<p class="help">Needs set-up for ${brand.name}: ${reasons.join("; ")}. <a href="${path}">Set up ${brand.name}</a></p>`;
}

function labels(missing: readonly MissingSetting[], text: Texts): string {
	return missing.map(({ name }) => `“${text(`settings.${name}.label`)}”`).join(" and ");
}
