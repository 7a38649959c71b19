import { html } from "hono/html";
import { CALLBACK_URL } from "../../../../artifact/load/read-settings-page.ts";
import { ALL_BRANDS } from "../../../settings/plugin-settings.ts";
import type { Markup } from "../../layout.ts";
import type { SettingsPage } from "./settings-page.ts";

/** The callback URL of the brand and those of the others, to be copied to the provider. */
export function callbackUrls(page: SettingsPage): Markup {
	const { plugin, place, brands, locale } = page;
	const { text } = locale;
	const { name } = plugin.loaded.manifest;
	if (!plugin.can("handleCallback")) {
		return html``;
	}
	const { callbackUrl } = place;
	const own =
		callbackUrl === undefined
			? ""
			: html`<label for="${CALLBACK_URL}">${text("settings.callback")}</label><div class="copy"><input id="${CALLBACK_URL}" value="${callbackUrl}" readonly aria-describedby="${CALLBACK_URL}-help"><button class="secondary" type="button" data-copy="${callbackUrl}" hidden>${text("settings.callback.copy")}</button></div>
<p class="help" id="${CALLBACK_URL}-help">${text("settings.callback.help", { name })}</p>`;
	const others = brands.filter(({ id }) => id !== place.id);
	return html`${own}${tooMany(page)}${others.length === 0 ? "" : callbackList(page, others)}`;
}

/** Says that one app at the provider does not have room for all brands. */
function tooMany({ plugin, brands, locale }: SettingsPage): Markup {
	const { settingsPage, manifest } = plugin.loaded;
	const most = settingsPage?.mostCallbackUrls;
	const count = new Set(brands.map(({ callbackUrl }) => callbackUrl)).size;
	return most === undefined || count <= most
		? html``
		: html`<p class="notice">${locale.text("settings.callback.too-many", { name: manifest.name, most, count })}</p>`;
}

/** A folded list: an administrator with one app for each brand does not need it. */
function callbackList(
	{ place, locale: { text } }: SettingsPage,
	others: SettingsPage["brands"],
): Markup {
	const summary = text(
		place.id === ALL_BRANDS ? "settings.callback.all-brands" : "settings.callback.others",
		{ count: others.length },
	);
	const rows = others.map(
		({ id, name, callbackUrl }) =>
			html`<li><span id="callback-of-${id}">${name}</span><div class="copy"><code>${callbackUrl}</code><button class="secondary" type="button" data-copy="${callbackUrl}" aria-describedby="callback-of-${id}" hidden>${text("settings.callback.copy")}</button></div></li>`,
	);
	return html`<details class="callbacks"><summary>${summary}</summary><ul class="plain">${rows}</ul></details>`;
}
