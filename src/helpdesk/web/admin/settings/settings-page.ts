import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { BrandSettings, SettingSource, SettingValue } from "../../../../contract/settings.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import { textsOf } from "../../../add-ons/plugin-texts.ts";
import type { SetUpResult } from "../../../add-ons/set-up-results.ts";
import type { Locale, TextKey } from "../../../locale/locale.ts";
import { ALL_BRANDS, type SecretState } from "../../../settings/plugin-settings.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { pageHead } from "../page-head.ts";
import { atBrand, integrationPaths } from "../paths.ts";
import { privacyPath } from "../privacy/privacy-page.ts";
import { callbackUrls } from "./callback-urls.ts";
import { setUpGuide } from "./set-up-guide.ts";
import { testSection } from "./set-up-test.ts";
import { settingField } from "./setting-field.ts";
import { settingsResult } from "./settings-result.ts";
import { settingsSections } from "./settings-sections.ts";

/** The action of the button beside Save. */
export const SAVE_AND_TEST = "test";

/** A brand, or all of them. */
export type SettingsPlace = Pick<Brand, "id" | "name"> &
	Partial<Pick<Brand, "callbackUrl" | "baseUrl" | "loginPath" | "timeZone">>;

export interface SettingsPage {
	readonly plugin: PluginHooks;
	readonly brands: readonly Brand[];
	readonly place: SettingsPlace;
	readonly values: Readonly<Record<string, SettingValue>>;
	readonly sources: Readonly<Record<string, SettingSource>>;
	/** The values in force. They differ from the values above after a refused save. */
	readonly stored: Pick<BrandSettings, "values" | "sources">;
	/** The secrets that a refused save was to remove. */
	readonly removed: ReadonlySet<string>;
	/** The values for all brands. */
	readonly common: Readonly<Record<string, SettingValue>>;
	readonly secrets: ReadonlyMap<string, SecretState | undefined>;
	readonly problems: ReadonlyMap<string, string>;
	readonly test: SetUpResult | undefined;
	/** Whether the pages of the brand show the button. */
	readonly isOn: boolean;
	/** Whether the page follows on _Save and test_. */
	readonly isJustTested: boolean;
	/** The language of the operator. */
	readonly locale: Locale;
	readonly csrf: string;
	readonly message: Markup;
}

export function settingsPage(page: SettingsPage): Markup {
	const { plugin, brands, place, locale } = page;
	const { text } = locale;
	const { manifest, settingsPage: layout } = plugin.loaded;
	const { settings } = integrationPaths(manifest.id);
	const tabs = [...brands, { id: ALL_BRANDS, name: text("settings.all-brands") }].map(
		({ id, name }) =>
			html`<li><a href="${atBrand(settings, id)}"${id === place.id ? html` aria-current="page"` : ""}>${name}</a></li>`,
	);
	const lead =
		place.id === ALL_BRANDS
			? text("settings.all-brands.lead")
			: textsOf(plugin, locale.tag)(manifest.texts.description);
	return html`${pageHead(text("settings.title", { name: manifest.name }), lead)}${settingsResult(page)}<ul class="tabs">${tabs}</ul>
${settingsForm(page)}
${isTested(page) ? testSection(page) : ""}${toolsSection(page)}${layout === undefined ? setUpGuide(page) : ""}`;
}

function settingsForm(page: SettingsPage): Markup {
	const { plugin, place, csrf, locale } = page;
	const { text } = locale;
	const { manifest, settingsSchema, settingsPage: layout } = plugin.loaded;
	const action = atBrand(integrationPaths(manifest.id).settings, place.id);
	const unsaved = page.problems.size === 0 ? "" : "yes";
	const note = html`<p class="unsaved" aria-live="polite"><span data-note hidden>${text("settings.unsaved")}</span></p>`;
	const buttons = html`<button type="submit">${text("settings.save")}</button>${isTested(page) ? html`<button class="secondary" type="submit" name="action" value="${SAVE_AND_TEST}">${text("settings.save-and-test")}</button>` : ""}${note}`;
	if (layout !== undefined) {
		return html`<form method="post" action="${action}" data-unsaved="${unsaved}">${csrfField(csrf)}${settingsSections(page, layout)}
<div class="save row-actions">${buttons}</div></form>`;
	}
	const fields = Object.keys(settingsSchema.properties).map((name) => settingField(page, name));
	return html`<div class="card"><form method="post" action="${action}" data-unsaved="${unsaved}">${csrfField(csrf)}${fields}${callbackUrls(page)}
<div class="actions row-actions">${buttons}</div></form></div>`;
}

function toolsSection({ plugin, place, locale }: SettingsPage): Markup {
	const query = place.id === ALL_BRANDS ? "" : `?brand=${encodeURIComponent(place.id)}`;
	const { id, name } = plugin.loaded.manifest;
	const paths = integrationPaths(id);
	const policy = privacyPath(plugin);
	const tool = (key: TextKey, path: string): Markup =>
		html`<li>${locale.markup(key, { name }, { link: (content) => html`<a href="${path}">${content}</a>` })}</li>`;
	const tools = [
		...(plugin.loaded.canTry === true
			? [tool("settings.more.try", `${paths.tryLogin}${query}`)]
			: []),
		...(plugin.can("simulate")
			? [tool("settings.more.simulator", `${paths.simulator}${query}`)]
			: []),
		...(plugin.can("importLinks") ? [tool("settings.more.links", paths.links)] : []),
		...(policy === undefined ? [] : [tool("settings.more.privacy", `${policy}${query}`)]),
	];
	return tools.length === 0
		? html``
		: html`<h2>${locale.text("settings.more")}</h2><ul class="plain">${tools}</ul>`;
}

/** Whether the set-up of this place can be tested. */
function isTested({ plugin, place }: SettingsPage): boolean {
	return place.callbackUrl !== undefined && plugin.can("checkSetup");
}
