import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import { byName, languageInSentence, languageName } from "../../../locale/language-name.ts";
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
	const { first, inOrder } = orderFor(brand, locale);
	const policies = inOrder([manifest.locales.default, ...locales.keys()]).map((tag) => {
		const text = (locales.get(tag)?.[texts.privacyPolicy ?? ""] ?? "").replaceAll(
			"{brand}",
			() => brand.name,
		);
		return policyCard({ what: "text", tag, text, rows: 14, isOpen: first.has(tag) }, locale);
	});
	const ofHelpdesks = inOrder(LANGUAGES.keys()).map((tag) => {
		const text = localeFor(undefined, tag).text("legal.privacy-helpdesks");
		return policyCard({ what: "helpdesks", tag, text, rows: 5, isOpen: first.has(tag) }, locale);
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
	readonly isOpen: boolean;
}

/** The languages that a page begins with, those of the brand and of the reader, and how it lists languages. */
function orderFor(brand: Brand, locale: Locale) {
	const first = new Set([localeFor(undefined, brand.locale).language, locale.language]);
	const inOrder = (tags: Iterable<string>): readonly string[] => {
		const all = new Set(tags);
		const others = [...all].filter((tag) => !first.has(tag));
		return [...[...first].filter((tag) => all.has(tag)), ...byName(others, locale.tag)];
	};
	return { first, inOrder };
}

function policyCard({ what, tag, text, rows, isOpen }: Policy, locale: Locale): Markup {
	const id = `${what}-${tag}`;
	const language = languageInSentence(tag, locale.tag);
	return html`<details class="card"${isOpen ? html` open` : ""}><summary id="${id}-name">${languageName(tag, locale.tag)}</summary><textarea id="${id}" aria-labelledby="${id}-name"${inLanguage(tag)} rows="${rows}" readonly>${text}</textarea>
<div class="actions"><button class="secondary" type="button" data-copy="${text}" hidden>${locale.text("privacy.copy", { language })}</button></div></details>`;
}
