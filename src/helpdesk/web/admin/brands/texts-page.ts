import { html } from "hono/html";
import {
	type BrandTexts,
	filledText,
	framedLetter,
	MOST_TEXT,
	PLACEHOLDERS,
} from "../../../brands/brand-texts.ts";
import { byName, languageName } from "../../../locale/language-name.ts";
import { LANGUAGES, type Locale, localeFor, type TextKey } from "../../../locale/locale.ts";
import { csrfField, inLanguage, type Markup, paragraphs } from "../../layout.ts";
import { labelled } from "../form-fields.ts";
import { pageHead } from "../page-head.ts";
import { brandPaths } from "../paths.ts";
import type { ShownBrand } from "./shown-brand.ts";

/** The form field with a text: `de-signature`. */
export type TextField = `${string}-${"logIn" | "opening" | "signature"}`;

export function textField(language: string, name: "logIn" | "opening" | "signature"): TextField {
	return `${language}-${name}`;
}

const FIELDS = [
	["logIn", "brand-texts.log-in", "brand-texts.log-in.help", 4],
	["opening", "brand-texts.opening", "brand-texts.opening.help", 2],
	["signature", "brand-texts.signature", "brand-texts.signature.help", 4],
] as const satisfies readonly (readonly [string, TextKey, TextKey, number])[];

interface TextsPage {
	readonly brand: ShownBrand;
	/** In one language of portals. */
	readonly texts: BrandTexts;
	/** The languages in which the brand says something of its own. */
	readonly own: ReadonlySet<string>;
	readonly problems: ReadonlyMap<TextField, string>;
	readonly message: Markup;
	readonly locale: Locale;
	readonly csrf: string;
}

/** The texts of a brand in one language, with a preview, and the way to other languages. */
export function textsPage(page: TextsPage): Markup {
	const { brand, texts, own, message, csrf, locale } = page;
	const { text } = locale;
	const paths = brandPaths(brand.id);
	const lead = locale.markup("brand-texts.lead", {
		most: MOST_TEXT,
		name: html`<code>${PLACEHOLDERS.name}</code>`,
		address: html`<code>${PLACEHOLDERS.address}</code>`,
	});
	const { language } = texts;
	const tabs = byName(LANGUAGES.keys(), locale.tag).map(
		(tag) =>
			html`<li><a href="${paths.texts}?language=${tag}"${tag === language ? html` aria-current="page"` : ""}>${languageName(tag, locale.tag)}${own.has(tag) ? html` <span class="soft">${text("brand-texts.has-texts")}</span>` : ""}</a></li>`,
	);
	return html`${pageHead(text("brand-texts.heading", { brand: brand.name }), lead)}${message}<ul class="tabs">${tabs}</ul><div class="card"><form method="post" action="${paths.texts}" data-unsaved="${page.problems.size === 0 ? "" : "yes"}">${csrfField(csrf)}<input type="hidden" name="language" value="${language}">${FIELDS.map((about) => textArea(page, texts, about))}<div class="actions answer"><button type="submit">${text("brand-texts.save")}</button><button class="secondary" type="submit" formaction="${paths.previewTexts}">${text("brand-texts.preview")}</button></div></form></div>
<h2>${text("brand-texts.preview.title")}</h2><p class="help">${text("brand-texts.preview.help")}</p>${preview(brand, texts)}`;
}

function textArea(
	page: TextsPage,
	texts: BrandTexts,
	[name, label, help, rows]: (typeof FIELDS)[number],
): Markup {
	const id = textField(texts.language, name);
	const { text } = page.locale;
	return labelled(
		page,
		id,
		text(label),
		text(help),
		(traits) =>
			html`<textarea id="${id}" name="${id}"${inLanguage(texts.language)} rows="${rows}"${traits}>${texts[name]}</textarea>`,
	);
}

/** The log-in page and a letter, as visitors get them. */
function preview({ name, url }: ShownBrand, texts: BrandTexts): Markup {
	const { language, logIn } = texts;
	const brand = { name, baseUrl: url };
	const { text } = localeFor(undefined, language);
	const letter = framedLetter(
		[text("forgot.mail-text"), `${url}/reset?token=…`, text("forgot.mail-ignore")],
		brand,
		texts,
	);
	const words = logIn === "" ? "" : paragraphs(filledText(logIn, brand));
	return html`<div class="chart-pair"${inLanguage(language)}><section class="card"><h3>${text("login.title")}</h3>${words}<p class="soft">${text("field.email")} · ${text("field.password")}</p></section><section class="card"><h3>${text("forgot.mail-subject", { brand: name })}</h3><pre>${letter}</pre></section></div>`;
}
