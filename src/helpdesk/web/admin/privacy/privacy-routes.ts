import type { Hono } from "hono";
import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import type { Markup } from "../../layout.ts";
import type { VisitEnv } from "../../visit.ts";
import { ADMIN_PATHS, languageName, type ShowPage } from "../admin-pages.ts";

export interface PrivacyParts {
	readonly brands: readonly Brand[];
	readonly show: ShowPage;
}

const { integrations: INTEGRATIONS } = ADMIN_PATHS;

/** @returns undefined for a plugin that has nothing to say about it. */
export function privacyPath({ loaded }: PluginHooks): string | undefined {
	const { id, texts } = loaded.manifest;
	return texts.privacyPolicy === undefined ? undefined : `${INTEGRATIONS}/${id}/privacy`;
}

/** What a brand's privacy policy has to say about a plugin, in each of its languages, to be copied. */
export function privacyRoutes(app: Hono<VisitEnv>, parts: PrivacyParts): void {
	const { brands, show } = parts;
	app.get(`${INTEGRATIONS}/:pluginId/privacy`, async (c) => {
		const { plugin } = c.var.addOn;
		const path = privacyPath(plugin);
		const asked = c.req.query("brand");
		const brand = asked === undefined ? brands[0] : brands.find(({ id }) => id === asked);
		return brand === undefined || path === undefined
			? c.notFound()
			: show(c, "Privacy text", privacyPage(plugin, path, brands, brand));
	});
}

function privacyPage(
	plugin: PluginHooks,
	path: string,
	brands: readonly Brand[],
	brand: Brand,
): Markup {
	const { manifest, locales } = plugin.loaded;
	const { id, name, texts } = manifest;
	const tabs = brands.map(
		(each) =>
			html`<li><a href="${path}?brand=${encodeURIComponent(each.id)}"${each === brand ? html` aria-current="page"` : ""}>${each.name}</a></li>`,
	);
	const tags = new Set([manifest.locales.default, ...locales.keys()]);
	const policies = [...tags].map((tag) => {
		const text = (locales.get(tag)?.[texts.privacyPolicy ?? ""] ?? "").replaceAll(
			"{brand}",
			() => brand.name,
		);
		return html`<div class="card"><label for="text-${tag}">${languageName(tag)}</label><textarea id="text-${tag}" lang="${tag}" rows="14" readonly>${text}</textarea>
<div class="actions"><button class="secondary" type="button" data-copy="${text}" hidden>Copy the ${languageName(tag)} text</button></div></div>`;
	});
	return html`<p class="breadcrumb">Settings › General › <a href="${INTEGRATIONS}">Third-Party Integrations</a> › <a href="${INTEGRATIONS}/${id}">${name}</a></p>
<h1>${name}: privacy text</h1><ul class="tabs">${tabs}</ul><p>What logging in with ${name} does with your visitors' data, for the privacy policy of ${brand.name}. Add your own contact, and have it looked at if your law asks for more.</p>${policies}`;
}
