import type { Context } from "hono";
import { html } from "hono/html";
import type { Locale } from "../locale/locale.ts";
import { foreignHostOf } from "./canonical-host.ts";
import type { Markup } from "./layout.ts";

/**
 * Says on a page at a foreign host what is wrong, to visitors and to the operator.
 *
 * @returns undefined at the brand's own host.
 */
export function hostWarning(c: Context, { text, markup }: Locale): Markup | undefined {
	const foreign = foreignHostOf(c);
	if (foreign === undefined) {
		return undefined;
	}
	const { host, baseUrl } = foreign;
	const link = html`<a href="${baseUrl}/">${baseUrl}</a>`;
	const cause = text("host.cause", { host, address: baseUrl });
	return html`<div class="notice bad" role="alert">${markup("host.warning", { address: link })}<details><summary>${text("host.operator")}</summary><p>${cause}</p><p>${text("host.remedy")}</p></details></div>`;
}
