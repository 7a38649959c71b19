import { html } from "hono/html";
import type { Markup } from "../../layout.ts";
import { languageName } from "../admin-pages.ts";
import { pager, type RowsShown, withQuery } from "../list-pager.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS, brandPaths } from "../paths.ts";
import { sentenceOf } from "./brand-fields.ts";
import type { ShownBrand } from "./shown-brand.ts";

const KIND_WORDS: Readonly<Record<ShownBrand["kind"], string>> = {
	sample: "Sample",
	configured: "Set at the start",
	stored: "Added while running",
};

export function brandsListPage(listed: RowsShown<ShownBrand>, message: Markup): Markup {
	const lead =
		"The portals where people log in: what they are called, how they look and what they say.";
	const add = html`<a class="button" href="${ADMIN_PATHS.addBrand}">Add a brand</a>`;
	const pages = pager({
		label: "Pages",
		first: listed.isFirst ? undefined : ADMIN_PATHS.brands,
		next: listed.next && withQuery(ADMIN_PATHS.brands, { after: listed.next }),
	});
	return html`${pageHead("Brands", lead, add)}${message}<table><thead><tr><th scope="col">Brand</th><th scope="col">Address</th><th scope="col">Language and time zone</th><th scope="col">Where it is set</th></tr></thead><tbody>${listed.rows.map(row)}</tbody></table>${pages}`;
}

function row({ id, name, url, locale, timeZone = "UTC", kind, obstacle }: ShownBrand): Markup {
	const problem =
		obstacle === undefined ? "" : html`<p class="problem">${sentenceOf(obstacle)}</p>`;
	return html`<tr><td><strong><a href="${brandPaths(id).brand}">${name}</a></strong><p class="help"><code>${id}</code></p>${problem}</td><td><a href="${url}" rel="noreferrer">${url}</a></td><td>${languageName(locale)}, ${timeZone.replaceAll("_", " ")}</td><td>${KIND_WORDS[kind]}</td></tr>`;
}
