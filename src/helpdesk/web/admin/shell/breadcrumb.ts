import { html } from "hono/html";
import type { Locale } from "../../../locale/locale.ts";
import type { Markup } from "../../layout.ts";
import type { Crumb, PageHead } from "../admin-pages.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { entryAt, PROFILE } from "./menu.ts";

/**
 * Where a page lies, from the first page to the page itself. Empty on the first page.
 *
 * @param mayOpen whether the operator may open the page at an address. Others are left out.
 */
export function breadcrumb(
	path: string,
	{ title, trail = [] }: PageHead,
	mayOpen: (path: string) => boolean,
	{ text }: Locale,
): Markup {
	if (path === ADMIN_PATHS.overview) {
		return html``;
	}
	const entries = entriesAbove(path, title, text);
	const above = [...entries, ...trail].filter((each) => mayOpen(each.path));
	const links = above.map((each) => html`<li><a href="${each.path}">${each.label}</a></li>`);
	return html`<nav class="breadcrumb" aria-label="${text("frame.breadcrumb")}"><ol>${links}<li><span aria-current="page">${title}</span></li></ol></nav>`;
}

/** A form can show the page of its entry once more, at a path of its own. */
function entriesAbove(path: string, title: string, text: Locale["text"]): readonly Crumb[] {
	const entry = entryAt(path) ?? (path.startsWith(`${PROFILE.path}/`) ? PROFILE : undefined);
	const first = { path: ADMIN_PATHS.overview, label: text("menu.overview") };
	if (entry === undefined || entry.path === path || text(entry.label) === title) {
		return [first];
	}
	return [first, { path: entry.path, label: text(entry.label) }];
}
