import { html } from "hono/html";
import type { Markup } from "../layout.ts";

/**
 * The head of a page: its name, a line about what it is for, and the first thing to do there.
 *
 * @param action a link or a button; undefined for none.
 */
export function pageHead(title: string, lead: Markup | string, action?: Markup): Markup {
	return html`<div class="page-head"><div><h1>${title}</h1><p>${lead}</p></div>${action ?? ""}</div>`;
}
