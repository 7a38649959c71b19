import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import { HAND_OFF_PRESETS } from "../../../hand-off/presets/hand-off-presets.ts";
import { withOneStop } from "../../../locale/as-sentence.ts";
import type { Locale } from "../../../locale/locale.ts";
import { readableDay, sortableTime } from "../../../locale/shown-time.ts";
import type { ConnectedHelpdesk } from "../../../openid/connected-helpdesk.ts";
import type { AgreedUsers } from "../../../openid/consents.ts";
import { nameOf } from "../../../openid/presets/preset.ts";
import { PRESETS, presetOf } from "../../../openid/presets/presets.ts";
import type { Markup } from "../../layout.ts";
import type { PageHead } from "../admin-pages.ts";
import { pager, type RowsShown } from "../list-pager.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS, atBrand, helpdeskPaths } from "../paths.ts";

/** A connected helpdesk in the list. */
export interface ListedHelpdesk {
	readonly helpdesk: ConnectedHelpdesk;
	readonly isConfigured: boolean;
	/** Milliseconds since the epoch; undefined: never. `unreadable`: the stored time cannot be read. */
	readonly lastUsed: number | "unreadable" | undefined;
}

/** The head of a page below the list of a brand. */
export function headBelow({ id, name }: Pick<Brand, "id" | "name">, title: string): PageHead {
	return { title, trail: [{ label: name, path: atBrand(ADMIN_PATHS.connectedHelpdesks, id) }] };
}

export function helpdesksListPage(page: {
	readonly brands: readonly Brand[];
	readonly brand: Brand;
	/** The rows of the helpdesks of every kind. */
	readonly listed: RowsShown<Markup>;
	readonly message: Markup;
	readonly locale: Locale;
}): Markup {
	const { brands, brand, listed, message, locale } = page;
	const { text } = locale;
	const here = atBrand(ADMIN_PATHS.connectedHelpdesks, brand.id);
	const tabs = brands.map(
		({ id, name }) =>
			html`<li><a href="${atBrand(ADMIN_PATHS.connectedHelpdesks, id)}"${id === brand.id ? html` aria-current="page"` : ""}>${name}</a></li>`,
	);
	const table =
		listed.rows.length === 0
			? html`<p>${text("helpdesks.none", { brand: brand.name })}</p>`
			: html`<table><thead><tr><th scope="col">${text("helpdesks.column.helpdesk")}</th><th scope="col">${text("helpdesks.column.address")}</th><th scope="col">${text("helpdesks.column.last-used")}</th><th scope="col">${text("helpdesks.column.actions")}</th></tr></thead><tbody>${listed.rows}</tbody></table>`;
	const pages = pager({
		label: text("helpdesks.pages"),
		first: listed.isFirst ? undefined : here,
		next:
			listed.next === undefined ? undefined : `${here}&after=${encodeURIComponent(listed.next)}`,
		locale,
	});
	const lead = text("helpdesks.lead", { brand: brand.name });
	const add = html`<a class="button" href="${atBrand(ADMIN_PATHS.addHelpdesk, brand.id)}">${text("helpdesks.connect")}</a>`;
	return html`${pageHead(text("helpdesks.title"), lead, add)}${message}<ul class="tabs">${tabs}</ul>${table}${pages}`;
}

/** A connected helpdesk in the list. */
export function helpdeskRow(
	{ helpdesk, isConfigured, lastUsed }: ListedHelpdesk,
	brand: Brand,
	locale: Locale,
): Markup {
	const { text } = locale;
	const { id, name, preset, address } = helpdesk;
	const paths = helpdeskPaths(id);
	const remove = isConfigured
		? ""
		: html`<a href="${atBrand(paths.remove, brand.id)}">${text("helpdesks.remove")}</a>`;
	const configured = isConfigured ? html`<p class="help">${text("helpdesks.configured")}</p>` : "";
	const known = presetOf(preset);
	const kind = known === undefined ? preset : locale.say(nameOf(known));
	const shownKind = kind === name ? "" : html` <span class="soft">${kind}</span>`;
	return html`<tr><td><strong>${name}</strong>${shownKind}${configured}</td><td><code>${address}</code></td><td>${usedIn(lastUsed, brand, locale)}</td>
<td><div class="row-actions"><a href="${atBrand(paths.helpdesk, brand.id)}">${text("helpdesks.open")}</a> ${testLink(id, brand.id, locale)} ${remove}</div></td></tr>`;
}

/** Opens the whole way of a log-in, in a tab of its own. */
export function testLink(helpdeskId: string, brandId: string, { text }: Locale): Markup {
	return html`<a href="${atBrand(helpdeskPaths(helpdeskId).test, brandId)}" target="_blank" rel="noopener">${text("helpdesks.test")}</a>`;
}

/** When a helpdesk was last used, as a table says it. */
export function usedIn(
	lastUsed: ListedHelpdesk["lastUsed"],
	brand: Brand,
	{ text }: Locale,
): Markup {
	if (lastUsed === "unreadable") {
		return html`${text("helpdesks.used-unreadable")}`;
	}
	return lastUsed === undefined
		? html`${text("helpdesks.never-used")}`
		: html`<time>${sortableTime(lastUsed, "minute", brand)}</time>`;
}

/** The same as a sentence. */
export function usedSentence(
	lastUsed: ListedHelpdesk["lastUsed"],
	brand: Brand,
	{ text }: Locale,
): string {
	if (lastUsed === "unreadable") {
		return text("helpdesk.used.unreadable");
	}
	return lastUsed === undefined
		? text("helpdesk.used.never")
		: text("helpdesk.used.at", { when: sortableTime(lastUsed, "minute", brand) });
}

/** Since when a helpdesk is connected. @param at milliseconds since the epoch. */
export function sinceSentence(at: number, brand: Brand, { tag, text }: Locale): string {
	return withOneStop(text("helpdesk.since", { day: readableDay(at, tag, brand) }));
}

/** How many users of a brand a removal concerns. */
export function agreedSentence(
	{ users: count, isExact }: AgreedUsers,
	{ name: brand }: Brand,
	{ text }: Locale,
): string {
	if (count === 0) {
		return text(isExact ? "helpdesk.remove.agreed-none" : "helpdesk.remove.agreed-many", { brand });
	}
	return text(isExact ? "helpdesk.remove.agreed" : "helpdesk.remove.agreed-at-least", {
		...{ count, brand },
	});
}

/** The kinds of helpdesks to choose from. */
export function choicePage(brand: Brand, { text, say }: Locale): Markup {
	const path = atBrand(ADMIN_PATHS.addHelpdesk, brand.id);
	const choices = PRESETS.map(
		(preset) => html`<li><a href="${path}&preset=${preset.id}">${say(nameOf(preset))}</a></li>`,
	);
	const handOffs = HAND_OFF_PRESETS.map(
		({ id, name }) =>
			html`<li><a href="${atBrand(ADMIN_PATHS.addHandOff, brand.id)}&preset=${id}">${name}</a></li>`,
	);
	return html`${pageHead(text("helpdesk.choose.title"), text("helpdesk.choose.lead"))}<div class="card"><ul class="plain">${choices}</ul></div>
<h2>${text("helpdesk.choose.signed")}</h2><div class="card"><p class="help">${text("helpdesk.choose.signed-help")}</p><ul class="plain">${handOffs}</ul></div>`;
}
