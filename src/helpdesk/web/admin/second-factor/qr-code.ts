import { html, raw } from "hono/html";
import { renderSVG } from "uqr";
import type { Markup } from "../../layout.ts";

/** The quiet zone that readers need around the modules (ISO/IEC 18004). */
const BORDER = 4;

/**
 * A QR code in the page itself: as a file of its own it would have an address that shows what is in it. It is black on white
 * in the dark, too, because readers expect that.
 *
 * @param label what screen readers say in its place.
 */
export function qrCode(text: string, label: string): Markup {
	const svg = renderSVG(text, { ecc: "M", border: BORDER });
	return html`<div class="qr" role="img" aria-label="${label}">${raw(svg)}</div>`;
}
