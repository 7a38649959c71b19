import type { Context } from "hono";
import { html, raw } from "hono/html";
import { isRightToLeft } from "../../contract/message-text.ts";
import { withFormField } from "../../routes/form-field.ts";
import type { Locale } from "../locale/locale.ts";
import type { Markup } from "../locale/markup-message.ts";
import type { Said } from "../locale/said.ts";
import { ASSETS, assetUrl } from "./assets.ts";
import { type BrandFace, brandMark, sheetLink } from "./brand-face.ts";

export type { Markup };

/** The id of the part of a page that the skip link leads to. */
export const CONTENT_ID = "content";

/** Comes first in the tab order, and leads past the navigation. */
export function skipLink(label: string): Markup {
	return html`<a class="skip" href="#${CONTENT_ID}">${label}</a>`;
}

/** The attributes of a part that is in a language of its own. @param tag BCP 47. */
export function inLanguage(tag: string): Markup {
	return html` lang="${tag}" dir="${isRightToLeft(tag) ? "rtl" : "ltr"}"`;
}

/** What is said in a reader's language. A sentence that is no message is in English, as in the log. */
export function saidMarkup(said: Said, { say }: Pick<Locale, "say">): Markup {
	return typeof said === "string"
		? html`<span${inLanguage("en")}>${said}</span>`
		: html`${say(said)}`;
}

/** A whole document. */
export function htmlDocument(page: {
	readonly lang: string;
	readonly title: string;
	readonly site: string;
	/** The kind of page, for the style sheet. */
	readonly kind: "shell" | "site";
	/** Undefined: the page belongs to no brand. */
	readonly face?: BrandFace | undefined;
	readonly body: Markup;
}): Markup {
	const { style, script, favicon } = ASSETS;
	return html`<!doctype html>
<html lang="${page.lang}"${isRightToLeft(page.lang) ? html` dir="rtl"` : ""}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title} · ${page.site}</title>
<link rel="stylesheet" href="${assetUrl(style)}">${page.face === undefined ? "" : sheetLink(page.face)}
<link rel="icon" href="${assetUrl(favicon)}" type="${favicon.type}">
</head>
<body class="${page.kind}">
${page.body}
<script src="${assetUrl(script)}" defer></script>
</body>
</html>`;
}

/** A document with a plain head and a narrow column: the pages of portals, and those of people who are not logged in. */
export function layout(page: {
	readonly lang: string;
	readonly title: string;
	readonly site: string;
	/** Undefined: the page belongs to no brand. */
	readonly face?: BrandFace | undefined;
	/** The path of the site's first page. */
	readonly home: string;
	readonly navigation: Markup;
	/** Stands above the content. */
	readonly warning?: Markup | undefined;
	readonly content: Markup;
	readonly footer?: Markup;
	/** The words of the link to the content. Undefined: the page has nothing to skip. */
	readonly skip?: string;
	/** Whether a browser with scripts sends the form of the page at once. */
	readonly submits?: boolean;
}): Markup {
	const { lang, title, site, face, skip } = page;
	const body = html`${skip === undefined ? "" : skipLink(skip)}<header class="site"><div class="bar"><a class="brand" href="${page.home}">${face === undefined ? site : brandMark(face)}</a><nav aria-label="${site}">${page.navigation}</nav></div></header>
<main id="${CONTENT_ID}" tabindex="-1" class="narrow"${page.submits ? html` data-submit` : ""}>${page.warning ?? ""}${page.content}</main>
${page.footer !== undefined ? html`<footer class="site">${page.footer}</footer>` : ""}`;
	return htmlDocument({ lang, title, site, face, kind: "site", body });
}

/** Sends a page that no cache keeps, because it may show who is logged in. */
export async function sendPage(
	c: Context,
	markup: Markup,
	status = 200,
	referrerPolicy = "same-origin",
): Promise<Response> {
	const body = String(await markup);
	return c.body(body, {
		status: status as 200,
		headers: {
			"content-type": "text/html; charset=utf-8",
			"cache-control": "no-store",
			"referrer-policy": referrerPolicy,
		},
	});
}

/** A sentence above the content of a page: what was done or, if `bad`, what is wrong. */
export function notice(sentence: string | Markup, bad = false): Markup {
	return html`<p class="notice${bad ? " bad" : ""}" role="${bad ? "alert" : "status"}">${sentence}</p>`;
}

/** Plain text as paragraphs: an empty line ends one. */
export function paragraphs(text: string): Markup {
	return html`${text.split("\n\n").map((each) => html`<p>${each.split("\n").map((line, index) => html`${index === 0 ? "" : html`<br>`}${line}`)}</p>`)}`;
}

export const CSRF_FIELD = "_csrf";

export function csrfField(csrf: string): Markup {
	return html`<input type="hidden" name="${CSRF_FIELD}" value="${csrf}">`;
}

/** A plugin's markup, with the CSRF field in each form. */
export function pluginMarkup(markup: string, csrf: string): Markup {
	return raw(withFormField(markup, ["_csrf", csrf]));
}
