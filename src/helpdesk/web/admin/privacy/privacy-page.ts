import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import { languageInSentence, languageName } from "../../../locale/language-name.ts";
import { LANGUAGES, type Locale, localeFor } from "../../../locale/locale.ts";
import { inLanguage, type Markup } from "../../layout.ts";
import { pageHead } from "../page-head.ts";
import { atBrand, integrationPaths } from "../paths.ts";

/** @returns undefined for a plugin that brings no text. */
export function privacyPath({ loaded }: PluginHooks): string | undefined {
	const { id, texts } = loaded.manifest;
	return texts.privacyPolicy === undefined ? undefined : integrationPaths(id).privacy;
}

export function privacyPage(
	plugin: PluginHooks,
	brands: readonly Brand[],
	brand: Brand,
	locale: Locale,
): Markup {
	const { text: say } = locale;
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
		return policyCard({ what: "text", tag, text, rows: 14 }, locale);
	});
	const ofHelpdesks = [...LANGUAGES.keys()].map((tag) => {
		const text = localeFor(undefined, tag).text("legal.privacy-helpdesks");
		return policyCard({ what: "helpdesks", tag, text, rows: 5 }, locale);
	});
	const about = { name, brand: brand.name };
	return html`${pageHead(say("privacy.title", about), say("privacy.lead", about))}<ul class="tabs">${tabs}</ul>${policies}
<h2>${say("privacy.helpdesks.title")}</h2><p>${say("privacy.helpdesks.text", about)}</p>${ofHelpdesks}`;
}

interface Policy {
	readonly what: string;
	/** Of its language. BCP 47. */
	readonly tag: string;
	readonly text: string;
	readonly rows: number;
}

function policyCard({ what, tag, text, rows }: Policy, locale: Locale): Markup {
	const id = `${what}-${tag}`;
	const language = languageInSentence(tag, locale.tag);
	return html`<div class="card"><label for="${id}">${languageName(tag, locale.tag)}</label><textarea id="${id}"${inLanguage(tag)} rows="${rows}" readonly>${text}</textarea>
<div class="actions"><button class="secondary" type="button" data-copy="${text}" hidden>${locale.text("privacy.copy", { language })}</button></div></div>`;
}
