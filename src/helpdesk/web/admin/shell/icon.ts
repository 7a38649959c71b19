import { raw } from "hono/html";
import type { Markup } from "../../layout.ts";

/** An icon beside words that say the same, so that screen readers pass over it. */
export function icon(svg: string): Markup {
	const start = svg.indexOf(">", svg.indexOf("<svg")) + 1;
	const lines = svg.slice(start, svg.lastIndexOf("</svg>")).split("\n");
	const drawing = lines.map((line) => line.trim()).join("");
	return raw(
		`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${drawing}</svg>`,
	);
}
