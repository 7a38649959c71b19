import { html } from "hono/html";
import type { LoadedSettingsPage } from "../../../../artifact/load/read-settings-page.ts";
import { textsOf } from "../../../add-ons/plugin-texts.ts";
import { ALL_BRANDS } from "../../../settings/plugin-settings.ts";
import type { Markup } from "../../layout.ts";
import { callbackUrls } from "./callback-urls.ts";
import { setUpGuide } from "./set-up-guide.ts";
import { settingField } from "./setting-field.ts";
import type { SettingsPage } from "./settings-page.ts";

/** The fields as the plugin lays them out: its first section beside the guide, and what is in no section last. */
export function settingsSections(page: SettingsPage, { sections }: LoadedSettingsPage): Markup {
	const text = textsOf(page.plugin, page.locale.tag);
	const placed = new Set(sections.flatMap(({ settings }) => settings));
	const { properties } = page.plugin.loaded.settingsSchema;
	const rest = Object.keys(properties).filter((name) => !placed.has(name));
	const shown = sections.map(
		({ title, settings }, index) =>
			html`<section class="card"><h2>${text(title)}</h2>${fields(page, settings)}${index === 0 ? callbackUrls(page) : ""}</section>`,
	);
	const [first, ...others] = shown;
	const top =
		page.place.id === ALL_BRANDS
			? first
			: html`<div class="beside">${first}<div class="guide">${setUpGuide(page)}</div></div>`;
	return html`${top}${others}${rest.length === 0 ? "" : folded(page, rest)}`;
}

function fields(page: SettingsPage, names: readonly string[]): Markup[] {
	return names.map((name) => settingField(page, name));
}

/** Open where something in it needs a look: a field was refused, or is not what it is by default. */
function folded(page: SettingsPage, names: readonly string[]): Markup {
	const isOpen = names.some((name) => page.problems.has(name) || differs(page, name));
	return html`<details class="card"${isOpen ? html` open` : ""}><summary><h2>${page.locale.text("settings.more-settings")}</h2></summary>${fields(page, names)}</details>`;
}

function differs({ plugin, values, stored, secrets }: SettingsPage, name: string): boolean {
	const setting = plugin.loaded.settingsSchema.properties[name];
	return setting?.writeOnly
		? secrets.get(name) !== undefined
		: String(values[name] ?? stored.values[name] ?? "") !== String(setting?.default ?? "");
}
