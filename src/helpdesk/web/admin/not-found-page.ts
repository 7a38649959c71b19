import { html } from "hono/html";
import type { Markup } from "../layout.ts";
import { ADMIN_PATHS } from "./paths.ts";

/** For an address without a page, and for what was deleted since the page with the link to it was opened. */
export function notFoundPage(): Markup {
	return html`<h1>Page not found</h1><p>This address has no page, or what it showed was deleted. Check the address, or choose a page from the menu.</p><p><a href="${ADMIN_PATHS.overview}">Go to Overview</a></p>`;
}
