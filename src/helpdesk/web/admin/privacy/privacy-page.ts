import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import { LANGUAGES, localeFor } from "../../../locale/locale.ts";
import type { Markup } from "../../layout.ts";
import { languageName } from "../admin-pages.ts";
import { pageHead } from "../page-head.ts";
import { atBrand, integrationPaths } from "../paths.ts";

/** @returns undefined for a plugin that brings no text. */
export function privacyPath({ loaded }: PluginHooks): string | undefined {
	const { id, texts } = loaded.manifest;
	return texts.privacyPolicy === undefined ? undefined : integrationPaths(id).privacy;
}

export function privacyPage(plugin: PluginHooks, brands: readonly Brand[], brand: Brand): Markup {
	const { manifest, locales } = plugin.loaded;
	const { name, texts } = manifest;
	const { privacy } = integrationPaths(manifest.id);
	const tabs = brands.map(
		(each) =>
			html`<li><a href="${atBrand(privacy, each.id)}"${each === brand ? html` aria-current="page"` : ""}>${each.name}</a></li>`,
	);
	const tags = new Set([manifest.locales.default, ...locales.keys()]);
	const policies = [...tags].map((tag) => {
		const text = (locales.get(tag)?.[texts.privacyPolicy ?? ""] ?? "").replaceAll(
			"{brand}",
			() => brand.name,
		);
		return policyCard("text", tag, text, 14);
	});
	const ofHelpdesks = [...LANGUAGES.keys()].map((tag) =>
		policyCard("helpdesks", tag, localeFor(undefined, tag).text("legal.privacy-helpdesks"), 5),
	);
	return html`${pageHead(`${name}: privacy text`, `This text says what logging in with ${name} does with your visitors' data. Copy it into the privacy policy of ${brand.name}. Add your own contact details, and have a lawyer review the text if your law asks for more.`)}<ul class="tabs">${tabs}</ul>${policies}
<h2>Connected helpdesks</h2><p>This text says which data goes to connected helpdesks. Add it if users of ${brand.name} log in to other helpdesks here.</p>${ofHelpdesks}`;
}

function policyCard(what: string, tag: string, text: string, rows: number): Markup {
	const id = `${what}-${tag}`;
	return html`<div class="card"><label for="${id}">${languageName(tag)}</label><textarea id="${id}" lang="${tag}" rows="${rows}" readonly>${text}</textarea>
<div class="actions"><button class="secondary" type="button" data-copy="${text}" hidden>Copy the ${languageName(tag)} text</button></div></div>`;
}
