import { raw } from "hono/html";
import type { Markup } from "../../layout.ts";

/** Icons that point along the line, by their names at Lucide. They point the other way in a line from right to left. */
const POINTING = /\blucide-(?:log-in|log-out|list-todo|user-plus|toggle-right)"/;

/** An icon beside words that say the same, so that screen readers pass over it. */
export function icon(svg: string): Markup {
	const start = svg.indexOf(">", svg.indexOf("<svg")) + 1;
	const lines = svg.slice(start, svg.lastIndexOf("</svg>")).split("\n");
	const drawing = lines.map((line) => line.trim()).join("");
	const way = POINTING.test(svg) ? " points" : "";
	return raw(
		`<svg class="icon${way}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${drawing}</svg>`,
	);
}
