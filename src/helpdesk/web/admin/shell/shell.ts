import { html } from "hono/html";
import logOut from "lucide-static/dist/esm/icons/log-out.mjs";
import menu from "lucide-static/dist/esm/icons/menu.mjs";
import type { Locale } from "../../../locale/locale.ts";
import { languageForm } from "../../language-form.ts";
import { CONTENT_ID, csrfField, type Markup, skipLink } from "../../layout.ts";
import type { PageHead } from "../admin-pages.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { breadcrumb } from "./breadcrumb.ts";
import { icon } from "./icon.ts";
import { entryAt, MENU, type MenuEntry, PROFILE } from "./menu.ts";

const MENU_ID = "menu";

/** What stands around the content of a page for an operator who is logged in. */
export interface Shell {
	/** The name of the administration. */
	readonly site: string;
	/** The path of the page, without a query. */
	readonly path: string;
	readonly head: PageHead;
	readonly operator: { readonly email: string; readonly role: string };
	readonly csrf: string;
	readonly locale: Locale;
	/** The address of the page, for a choice of the language; undefined where it cannot be opened again. */
	readonly here: string | undefined;
	/** Whether the operator may open the page at an address. */
	readonly mayOpen: (path: string) => boolean;
	/** Whether a plugin's developer started the helpdesk. */
	readonly isForDeveloper: boolean;
	readonly warning: Markup;
	readonly content: Markup;
}

/**
 * The top bar, the side bar and the content. On a phone the side bar is hidden until its button is pressed: the style sheet
 * reads whether the `details` before it is open, so that it needs no script.
 */
export function shell(page: Shell): Markup {
	const { text } = page.locale;
	return html`${skipLink(text("nav.skip"))}<header class="top"><a class="brand" href="${ADMIN_PATHS.overview}">${page.site}</a>${breadcrumb(page.path, page.head, page.mayOpen, page.locale)}${account(page)}</header>
<details class="menu-button"><summary>${icon(menu)}${text("frame.menu")}</summary></details>
${sideBar(page)}
<main id="${CONTENT_ID}" tabindex="-1" class="wide" data-copied="${text("frame.copied")}">${page.warning}${page.content}</main>`;
}

function account({ operator: { email, role }, csrf, path, locale: { text } }: Shell): Markup {
	return html`<div class="who"><p><span class="who-name">${email}</span> <span class="soft">${role}</span></p><a href="${PROFILE.path}"${path === PROFILE.path ? html` aria-current="page"` : ""}>${text(PROFILE.label)}</a><form method="post" action="${ADMIN_PATHS.logOut}">${csrfField(csrf)}<button class="link" type="submit">${icon(logOut)}${text("nav.logout")}</button></form></div>`;
}

function sideBar(page: Shell): Markup {
	const { path, mayOpen, isForDeveloper, locale } = page;
	const { text } = locale;
	const current = entryAt(path);
	const isShown = (entry: MenuEntry): boolean =>
		mayOpen(entry.path) && (isForDeveloper || entry.isForDevelopers !== true);
	const groups = MENU.map(({ label, entries }, index) => {
		const items = entries
			.filter(isShown)
			.map(
				(entry) =>
					html`<li><a href="${entry.path}"${entry === current ? html` aria-current="page"` : ""}>${icon(entry.icon)}${text(entry.label)}</a></li>`,
			);
		const id = `${MENU_ID}-${index}`;
		if (items.length === 0) {
			return "";
		}
		return label === undefined
			? html`<ul>${items}</ul>`
			: html`<p id="${id}">${text(label)}</p><ul aria-labelledby="${id}">${items}</ul>`;
	});
	return html`<nav class="side" id="${MENU_ID}" aria-label="${text("frame.menu")}">${groups}${languages(page)}</nav>`;
}

function languages({ locale, csrf, here }: Shell): Markup {
	return here === undefined
		? html``
		: languageForm({ locale, csrf, here, action: ADMIN_PATHS.language });
}
