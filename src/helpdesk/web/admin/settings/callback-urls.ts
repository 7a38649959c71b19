import { html } from "hono/html";
import { CALLBACK_URL } from "../../../../artifact/load/read-settings-page.ts";
import { ALL_BRANDS } from "../../../settings/plugin-settings.ts";
import type { Markup } from "../../layout.ts";
import type { SettingsPage } from "./settings-page.ts";

/** The callback URL of the brand and those of the others, to be copied to the provider. */
export function callbackUrls(page: SettingsPage): Markup {
	const { plugin, place, brands } = page;
	if (!plugin.can("handleCallback")) {
		return html``;
	}
	const { callbackUrl } = place;
	const own =
		callbackUrl === undefined
			? ""
			: html`<label for="${CALLBACK_URL}">Callback URL</label><div class="copy"><input id="${CALLBACK_URL}" value="${callbackUrl}" readonly aria-describedby="${CALLBACK_URL}-help"><button class="secondary" type="button" data-copy="${callbackUrl}" hidden>Copy</button></div>
<p class="help" id="${CALLBACK_URL}-help">Enter it at ${plugin.loaded.manifest.name} exactly as it is shown here.</p>`;
	const others = brands.filter(({ id }) => id !== place.id);
	return html`${own}${tooMany(page)}${others.length === 0 ? "" : callbackList(page, others)}`;
}

/** Says that one app at the provider does not have room for all brands. */
function tooMany({ plugin, brands }: SettingsPage): Markup {
	const { settingsPage, manifest } = plugin.loaded;
	const most = settingsPage?.mostCallbackUrls;
	const count = new Set(brands.map(({ callbackUrl }) => callbackUrl)).size;
	return most === undefined || count <= most
		? html``
		: html`<p class="notice">One app at ${manifest.name} takes at most ${most} callback URLs, and your brands have ${count}. Create an app for each ${most} brands, and enter its keys at these brands.</p>`;
}

/** A folded list: an administrator with one app for each brand does not need it. */
function callbackList({ place }: SettingsPage, others: SettingsPage["brands"]): Markup {
	const them = others.length === 1 ? "this callback URL" : `these ${others.length} callback URLs`;
	const summary =
		place.id === ALL_BRANDS
			? `One app can serve all brands. Enter ${them} there.`
			: `One app can serve all brands. In that case, enter ${them} there as well.`;
	const rows = others.map(
		({ id, name, callbackUrl }) =>
			html`<li><span id="callback-of-${id}">${name}</span><div class="copy"><code>${callbackUrl}</code><button class="secondary" type="button" data-copy="${callbackUrl}" aria-describedby="callback-of-${id}" hidden>Copy</button></div></li>`,
	);
	return html`<details class="callbacks"><summary>${summary}</summary><ul class="plain">${rows}</ul></details>`;
}
