import { raw } from "hono/html";
import type { Markup } from "../../layout.ts";

/** An icon beside words that say the same, so that screen readers pass over it. */
export function icon(svg: string): Markup {
	const [, drawing = ""] = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(svg) ?? [];
	return raw(
		`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${drawing.replaceAll(/\s*\n\s*/g, "")}</svg>`,
	);
}
