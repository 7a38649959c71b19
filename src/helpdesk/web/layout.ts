import type { Context } from "hono";
import { html, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import { withFormField } from "../../routes/form-field.ts";

export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

/** A whole document around the content of a page. */
export function layout(page: {
	readonly lang: string;
	readonly title: string;
	readonly site: string;
	/** The path of the site's first page. */
	readonly home: string;
	readonly navigation: Markup;
	/** Stands above the content. */
	readonly warning?: Markup | undefined;
	readonly content: Markup;
	readonly footer?: Markup;
	readonly wide?: boolean;
	/** Whether a browser with scripts sends the form of the page at once. */
	readonly submits?: boolean;
}): Markup {
	return html`<!doctype html>
<html lang="${page.lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title} · ${page.site}</title>
<link rel="stylesheet" href="/assets/style.css">
<link rel="icon" href="data:,">
</head>
<body>
<header class="site"><div class="bar"><a class="brand" href="${page.home}">${page.site}</a><nav aria-label="${page.site}">${page.navigation}</nav></div></header>
<main class="${page.wide ? "wide" : "narrow"}"${page.submits ? html` data-submit` : ""}>${page.warning ?? ""}${page.content}</main>
${page.footer !== undefined ? html`<footer class="site">${page.footer}</footer>` : ""}
<script src="/assets/copy.js" defer></script>
</body>
</html>`;
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
export function notice(sentence: string, bad = false): Markup {
	return html`<p class="notice${bad ? " bad" : ""}" role="${bad ? "alert" : "status"}">${sentence}</p>`;
}

export function csrfField(csrf: string): Markup {
	return html`<input type="hidden" name="_csrf" value="${csrf}">`;
}

/** A plugin's markup, with the CSRF field in each form. */
export function pluginMarkup(markup: string, csrf: string): Markup {
	return raw(withFormField(markup, ["_csrf", csrf]));
}
