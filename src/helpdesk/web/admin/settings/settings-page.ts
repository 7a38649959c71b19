import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { BrandSettings, SettingSource, SettingValue } from "../../../../contract/settings.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import { textsOf } from "../../../add-ons/plugin-texts.ts";
import type { SetUpResult } from "../../../add-ons/set-up-results.ts";
import type { Locale } from "../../../locale/locale.ts";
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
	const { plugin, brands, place } = page;
	const { manifest, settingsPage: layout } = plugin.loaded;
	const { settings } = integrationPaths(manifest.id);
	const tabs = [...brands, { id: ALL_BRANDS, name: "All brands" }].map(
		({ id, name }) =>
			html`<li><a href="${atBrand(settings, id)}"${id === place.id ? html` aria-current="page"` : ""}>${name}</a></li>`,
	);
	const lead =
		place.id === ALL_BRANDS
			? "These settings apply to every brand without its own."
			: textsOf(plugin, page.locale.tag)(manifest.texts.description);
	return html`${pageHead(`${manifest.name}: settings`, lead)}${settingsResult(page)}<ul class="tabs">${tabs}</ul>
${settingsForm(page)}
${isTested(page) ? testSection(page) : ""}${toolsSection(page)}${layout === undefined ? setUpGuide(page) : ""}`;
}

function settingsForm(page: SettingsPage): Markup {
	const { plugin, place, csrf } = page;
	const { manifest, settingsSchema, settingsPage: layout } = plugin.loaded;
	const action = atBrand(integrationPaths(manifest.id).settings, place.id);
	const unsaved = page.problems.size === 0 ? "" : "yes";
	const note = html`<p class="unsaved" aria-live="polite"><span data-note hidden>You have unsaved changes.</span></p>`;
	const buttons = html`<button type="submit">Save</button>${isTested(page) ? html`<button class="secondary" type="submit" name="action" value="${SAVE_AND_TEST}">Save and test</button>` : ""}${note}`;
	if (layout !== undefined) {
		return html`<form method="post" action="${action}" data-unsaved="${unsaved}">${csrfField(csrf)}${settingsSections(page, layout)}
<div class="save row-actions">${buttons}</div></form>`;
	}
	const fields = Object.keys(settingsSchema.properties).map((name) => settingField(page, name));
	return html`<div class="card"><form method="post" action="${action}" data-unsaved="${unsaved}">${csrfField(csrf)}${fields}${callbackUrls(page)}
<div class="actions row-actions">${buttons}</div></form></div>`;
}

function toolsSection({ plugin, place }: SettingsPage): Markup {
	const query = place.id === ALL_BRANDS ? "" : `?brand=${encodeURIComponent(place.id)}`;
	const paths = integrationPaths(plugin.loaded.manifest.id);
	const simulator = plugin.can("simulate")
		? html`<li><a href="${paths.simulator}${query}">Simulator</a>: see what your visitors will see.</li>`
		: "";
	const trial =
		plugin.loaded.canTry === true
			? html`<li><a href="${paths.tryLogin}${query}">Try it as a visitor</a>: log in at ${plugin.loaded.manifest.name} yourself, without any effect.</li>`
			: "";
	const links = plugin.can("importLinks")
		? html`<li><a href="${paths.links}">Links</a>: import and export links.</li>`
		: "";
	const path = privacyPath(plugin);
	const privacy =
		path === undefined
			? ""
			: html`<li><a href="${path}${query}">Privacy text</a>: copy it into your privacy policy.</li>`;
	const tools = [trial, simulator, links, privacy].filter((tool) => tool !== "");
	return tools.length === 0 ? html`` : html`<h2>More</h2><ul class="plain">${tools}</ul>`;
}

/** Whether the set-up of this place can be tested. */
function isTested({ plugin, place }: SettingsPage): boolean {
	return place.callbackUrl !== undefined && plugin.can("checkSetup");
}
