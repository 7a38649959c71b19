import { html } from "hono/html";
import type { Locale } from "../../locale/locale.ts";
import type { Markup } from "../layout.ts";
import { ADMIN_PATHS } from "./paths.ts";

/** For an address without a page, and for what was deleted since the page with the link to it was opened. */
export function notFoundPage({ text }: Locale): Markup {
	return html`<h1>${text("frame.not-found.title")}</h1><p>${text("frame.not-found.text")}</p><p><a href="${ADMIN_PATHS.overview}">${text("frame.not-found.home")}</a></p>`;
}
