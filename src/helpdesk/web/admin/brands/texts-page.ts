import { html } from "hono/html";
import {
	type BrandTexts,
	filledText,
	framedLetter,
	MOST_TEXT,
	PLACEHOLDERS,
} from "../../../brands/brand-texts.ts";
import { LANGUAGES, localeFor } from "../../../locale/locale.ts";
import { csrfField, type Markup, paragraphs } from "../../layout.ts";
import { languageName } from "../admin-pages.ts";
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
	["logIn", "On the log-in page", "Stands above the form.", 4],
	["opening", "First words of e-mails", "For example a greeting.", 2],
	["signature", "Last words of e-mails", "For example who you are and where to reach you.", 4],
] as const;

interface TextsPage {
	readonly brand: ShownBrand;
	/** In one language of portals. */
	readonly texts: BrandTexts;
	/** The languages in which the brand says something of its own. */
	readonly own: ReadonlySet<string>;
	readonly problems: ReadonlyMap<TextField, string>;
	readonly message: Markup;
	readonly csrf: string;
}

/** The texts of a brand in one language, with a preview, and the way to other languages. */
export function textsPage(page: TextsPage): Markup {
	const { brand, texts, own, message, csrf } = page;
	const paths = brandPaths(brand.id);
	const lead = html`Plain text, at most ${MOST_TEXT} characters each. ${PLACEHOLDERS.map(([placeholder, meaning], index) => html`${index === 0 ? "" : " and "}<code>${placeholder}</code> stands for ${meaning}`)}. Where a field is empty, nothing is added.`;
	const { language } = texts;
	const tabs = [...LANGUAGES.keys()].map(
		(tag) =>
			html`<li><a href="${paths.texts}?language=${tag}"${tag === language ? html` aria-current="page"` : ""}>${languageName(tag)}${own.has(tag) ? html` <span class="soft">has texts</span>` : ""}</a></li>`,
	);
	return html`${pageHead(`Texts of ${brand.name}`, lead)}${message}<ul class="tabs">${tabs}</ul><div class="card"><form method="post" action="${paths.texts}" data-unsaved="${page.problems.size === 0 ? "" : "yes"}">${csrfField(csrf)}<input type="hidden" name="language" value="${language}">${FIELDS.map((about) => textArea(page, texts, about))}<div class="actions answer"><button type="submit">Save</button><button class="secondary" type="submit" formaction="${paths.previewTexts}">Preview</button></div></form></div>
<h2>Preview</h2><p class="help">Visitors see the language of their browser. E-mails of integrations such as X have words of their own and are sent as they are.</p>${preview(brand, texts)}`;
}

function textArea(
	page: TextsPage,
	texts: BrandTexts,
	[name, label, help, rows]: (typeof FIELDS)[number],
): Markup {
	const id = textField(texts.language, name);
	return labelled(
		page,
		id,
		label,
		help,
		(traits) =>
			html`<textarea id="${id}" name="${id}" lang="${texts.language}" rows="${rows}"${traits}>${texts[name]}</textarea>`,
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
	return html`<div class="chart-pair" lang="${language}"><section class="card"><h3>${text("login.title")}</h3>${words}<p class="soft">${text("field.email")} · ${text("field.password")}</p></section><section class="card"><h3>${text("forgot.mail-subject", { brand: name })}</h3><pre>${letter}</pre></section></div>`;
}
