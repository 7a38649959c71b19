import { html } from "hono/html";
import type { Markup } from "../layout.ts";

/** Something wide that scrolls in its own frame on a narrow screen, by the keyboard as well. */
export function scrollRegion(label: string, content: Markup): Markup {
	return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${content}</div>`;
}
