import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import { HAND_OFF_PRESETS } from "../../../hand-off/presets/hand-off-presets.ts";
import { sortableTime } from "../../../locale/shown-time.ts";
import type { ConnectedHelpdesk } from "../../../openid/connected-helpdesk.ts";
import type { AgreedUsers } from "../../../openid/consents.ts";
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
}): Markup {
	const { brands, brand, listed, message } = page;
	const here = atBrand(ADMIN_PATHS.connectedHelpdesks, brand.id);
	const tabs = brands.map(
		({ id, name }) =>
			html`<li><a href="${atBrand(ADMIN_PATHS.connectedHelpdesks, id)}"${id === brand.id ? html` aria-current="page"` : ""}>${name}</a></li>`,
	);
	const table =
		listed.rows.length === 0
			? html`<p>${brand.name} is not connected to a helpdesk yet.</p>`
			: html`<table><thead><tr><th scope="col">Helpdesk</th><th scope="col">Address</th><th scope="col">Last used</th><th scope="col">Actions</th></tr></thead><tbody>${listed.rows}</tbody></table>`;
	const pages = pager({
		label: "Pages",
		first: listed.isFirst ? undefined : here,
		next:
			listed.next === undefined ? undefined : `${here}&after=${encodeURIComponent(listed.next)}`,
	});
	const lead = `Helpdesks that you already run. Their users log in at ${brand.name}, with X or in any other way that is possible there.`;
	const add = html`<a class="button" href="${atBrand(ADMIN_PATHS.addHelpdesk, brand.id)}">Connect a helpdesk</a>`;
	return html`${pageHead("Connected helpdesks", lead, add)}${message}<ul class="tabs">${tabs}</ul>${table}${pages}`;
}

/** A connected helpdesk in the list. */
export function helpdeskRow(
	{ helpdesk, isConfigured, lastUsed }: ListedHelpdesk,
	brand: Brand,
): Markup {
	const { id, name, preset, address } = helpdesk;
	const paths = helpdeskPaths(id);
	const remove = isConfigured ? "" : html`<a href="${atBrand(paths.remove, brand.id)}">Remove</a>`;
	const configured = isConfigured ? html`<p class="help">From the configuration</p>` : "";
	const kind = presetOf(preset)?.name ?? preset;
	const shownKind = kind === name ? "" : html` <span class="soft">${kind}</span>`;
	return html`<tr><td><strong>${name}</strong>${shownKind}${configured}</td><td><code>${address}</code></td><td>${lastUsed === undefined ? "Never used" : usedOn(lastUsed, brand)}</td>
<td><div class="row-actions"><a href="${atBrand(paths.helpdesk, brand.id)}">Open</a> ${testLink(id, brand.id)} ${remove}</div></td></tr>`;
}

/** Opens the whole way of a log-in, in a tab of its own. */
export function testLink(helpdeskId: string, brandId: string): Markup {
	return html`<a href="${atBrand(helpdeskPaths(helpdeskId).test, brandId)}" target="_blank" rel="noopener">Test</a>`;
}

export function usedOn(lastUsed: ListedHelpdesk["lastUsed"], brand: Brand): string {
	if (lastUsed === "unreadable") {
		return "Not known: the stored time cannot be read";
	}
	return lastUsed === undefined ? "Never" : sortableTime(lastUsed, "minute", brand);
}

/** How many users of a brand a removal concerns. */
export function agreedSentence({ users, isExact }: AgreedUsers, { name }: Brand): string {
	if (users === 0) {
		return isExact
			? `No user of ${name} has logged in there.`
			: `The users of ${name} who have agreed to log in there are too many to count here.`;
	}
	const count = isExact ? `${users}` : `At least ${users}`;
	return users === 1
		? `${count} user of ${name} has agreed to log in there.`
		: `${count} users of ${name} have agreed to log in there.`;
}

/** The kinds of helpdesks to choose from. */
export function choicePage(brand: Brand): Markup {
	const path = atBrand(ADMIN_PATHS.addHelpdesk, brand.id);
	const choices = PRESETS.map(
		({ id, name }) => html`<li><a href="${path}&preset=${id}">${name}</a></li>`,
	);
	const handOffs = HAND_OFF_PRESETS.map(
		({ id, name }) =>
			html`<li><a href="${atBrand(ADMIN_PATHS.addHandOff, brand.id)}&preset=${id}">${name}</a></li>`,
	);
	return html`${pageHead("Which helpdesk do you run?", "Choose it to connect it. Nothing changes before you press Connect.")}<div class="card"><ul class="plain">${choices}</ul></div>
<h2>Without OpenID Connect</h2><div class="card"><p class="help">These take a signed token that the browser brings.</p><ul class="plain">${handOffs}</ul></div>`;
}
