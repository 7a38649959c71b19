import type { Context, Hono } from "hono";
import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { AddOn } from "../../../add-ons/add-on.ts";
import type { AddOnState } from "../../../add-ons/add-on-states.ts";
import type { AddOns } from "../../../add-ons/add-ons.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import { type Texts, textsOf } from "../../../add-ons/plugin-texts.ts";
import type { MissingSetting } from "../../../settings/plugin-settings.ts";
import { csrfField, type Markup } from "../../layout.ts";
import type { VisitEnv } from "../../visit.ts";
import { ADMIN_PATHS, notice } from "../admin-pages.ts";
import { linksPath } from "../links/links-routes.ts";
import { privacyPath } from "../privacy/privacy-routes.ts";
import { simulatorPath } from "../simulator/simulator-routes.ts";
import { pluginWithdrawalRoutes, type WithdrawalParts } from "./withdrawal-routes.ts";

export interface IntegrationParts extends WithdrawalParts {
	readonly addOns: AddOns;
	readonly doneMessage: (c: AdminContext) => Promise<Markup>;
}

type AdminContext = Context<VisitEnv>;

/** A brand at which an active plugin cannot work yet. */
interface UnreadyBrand {
	readonly brand: Brand;
	readonly missing: readonly MissingSetting[];
}

/** Which integrations there are, and how each of them does. */
export function integrationRoutes(app: Hono<VisitEnv>, parts: IntegrationParts): void {
	const { addOns, show, doneMessage } = parts;
	const { integrations } = ADMIN_PATHS;

	const showIntegrations = async (c: AdminContext, message: Markup, code = 200) => {
		const { csrf } = c.var.visit;
		const { addOns: found, broken } = await addOns.list();
		const rows = await Promise.all(found.map((addOn) => integrationRow(addOn, csrf)));
		const title = "Third-Party Integrations";
		const unusable = broken.map(({ id }) =>
			notice(`${id} cannot be used. The page Add-ons says why.`, true),
		);
		const page = html`<p class="breadcrumb">Settings › General</p><h1>${title}</h1>${message}${unusable}
<table><thead><tr><th scope="col">Actions</th><th scope="col">Integration</th><th scope="col">Status</th></tr></thead><tbody>${rows}</tbody></table>
<p class="help">More of them, and other versions, are under <a href="${ADMIN_PATHS.addOns}">Add-ons</a>.</p>`;
		return show(c, title, page, code);
	};
	app.get(integrations, async (c) => showIntegrations(c, await doneMessage(c)));
	app.post(`${integrations}/:pluginId/activate`, async (c) => {
		const { plugin, loaded } = c.var.addOn;
		const { id, name } = loaded.manifest;
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
		return c.redirect(`${integrations}?done=activated&add-on=${id}`, 303);
	});
	pluginWithdrawalRoutes(app, parts);
}

async function integrationRow(addOn: AddOn, csrf: string): Promise<Markup> {
	const { plugin, brands, settings: stored } = addOn;
	const state = await plugin.state();
	const found = await Promise.all(
		brands.map(async (brand) => ({ brand, missing: await stored.missing(brand.id) })),
	);
	const unready = found.filter(({ missing }) => missing.length > 0);
	const status = statusOf(plugin, state, unready, unready.length < brands.length);
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
	const emptied = button("Delete what was kept", "delete-kept");
	const actions: Readonly<Record<AddOnState["kind"], readonly (Markup | string)[]>> = {
		active: [button("Deactivate"), settings, simulator, links, button("Uninstall")],
		disabled: [button("Activate"), simulator, exported, button("Uninstall")],
		failed: [button("Activate"), simulator, exported, button("Uninstall")],
		"not-installed": [
			button("Install"),
			...(state.kind === "not-installed" && state.kept ? [exported, emptied] : []),
			...(state.kind === "not-installed" && state.emptying ? [emptied] : []),
		],
	};
	const policy = privacyPath(plugin);
	const privacy =
		policy === undefined ? "" : html` <a href="${policy}">Text for your privacy policy</a>`;
	return html`<tr><td><div class="row-actions">${actions[state.kind]}</div></td>
<td><strong>${manifest.name}</strong> <span class="soft">${manifest.version}</span><p class="help">${text(manifest.texts.description)}</p><p class="help">${text(manifest.texts.privacy)}${privacy}</p></td>
<td>${status}</td></tr>`;
}

function statusOf(
	plugin: PluginHooks,
	state: AddOnState,
	unready: readonly UnreadyBrand[],
	isAnyReady: boolean,
): Markup {
	switch (state.kind) {
		case "active":
			return html`${isAnyReady ? "Active" : "Needs set-up"}${unready.map((each) => setUpNote(plugin, each))}`;
		case "disabled":
			return html`Disabled`;
		case "not-installed":
			return html`Not installed<p class="help">${keptNote(state)}</p>`;
		case "failed": {
			const { reason, since } = state.failure;
			const when =
				since === undefined
					? ""
					: `Since ${new Date(since).toISOString().slice(0, 16).replace("T", " ")} UTC. `;
			const { id } = plugin.loaded.manifest;
			return html`Failed<p class="problem">${reason === "" ? "It gave no reason." : reason}</p>
<p class="help">${when}Mend this, then press Activate again. The helpdesk's log says more, in the lines “the hook onActivate of ${id} failed”.</p>`;
		}
	}
}

function keptNote({ kept, emptying }: Extract<AddOnState, { kind: "not-installed" }>): string {
	if (kept) {
		return "What it stored is kept for when you install it again.";
	}
	return emptying
		? "Deleting what it stored was interrupted: some of it is still there. Press “Delete what was kept”, or start the helpdesk anew."
		: "Nothing of it is stored.";
}

function setUpNote(plugin: PluginHooks, { brand, missing }: UnreadyBrand): Markup {
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
