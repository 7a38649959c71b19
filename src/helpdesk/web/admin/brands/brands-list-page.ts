import { html } from "hono/html";
import { languageName } from "../../../locale/language-name.ts";
import type { Locale, TextKey } from "../../../locale/locale.ts";
import type { Markup } from "../../layout.ts";
import { pager, type RowsShown, withQuery } from "../list-pager.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS, brandPaths } from "../paths.ts";
import type { ShownBrand } from "./shown-brand.ts";

const ORIGINS: Readonly<Record<ShownBrand["kind"], TextKey>> = {
	sample: "brands.origin.sample",
	configured: "brands.origin.configured",
	stored: "brands.origin.stored",
};

export function brandsListPage(
	listed: RowsShown<ShownBrand>,
	message: Markup,
	locale: Locale,
): Markup {
	const { text } = locale;
	const add = html`<a class="button" href="${ADMIN_PATHS.addBrand}">${text("brands.add")}</a>`;
	const pages = pager({
		label: text("brands.pages"),
		first: listed.isFirst ? undefined : ADMIN_PATHS.brands,
		next: listed.next && withQuery(ADMIN_PATHS.brands, { after: listed.next }),
		locale,
	});
	return html`${pageHead(text("brands.title"), text("brands.lead"), add)}${message}<table><thead><tr><th scope="col">${text("brands.column.brand")}</th><th scope="col">${text("brands.column.address")}</th><th scope="col">${text("brands.column.language-and-time-zone")}</th><th scope="col">${text("brands.column.origin")}</th></tr></thead><tbody>${listed.rows.map((brand) => row(brand, locale))}</tbody></table>${pages}`;
}

function row(brand: ShownBrand, locale: Locale): Markup {
	const { text, say } = locale;
	const { id, name, url, timeZone = "UTC", kind, obstacle } = brand;
	const problem = obstacle === undefined ? "" : html`<p class="problem">${say(obstacle)}</p>`;
	const place = text("brands.language-and-time-zone", {
		language: languageName(brand.locale, locale.tag),
		timeZone: timeZone.replaceAll("_", " "),
	});
	return html`<tr><td><strong><a href="${brandPaths(id).brand}">${name}</a></strong><p class="help"><code>${id}</code></p>${problem}</td><td><a href="${url}" rel="noreferrer">${url}</a></td><td>${place}</td><td>${text(ORIGINS[kind])}</td></tr>`;
}
